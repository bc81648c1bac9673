import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One request to a real server of OpenMetadata, and what it answered. */
export interface Row {
  /** What it was about, in the words of whoever recorded it; empty for traffic of the app. */
  name: string;
  method: string;
  /** Below `/api`. */
  path: string;
  signedIn: boolean;
  body: unknown;
  status: number;
  answer: unknown;
}

/** Recorded releases, as the stand-in calls them, with the end of the names of their files. */
export const RECORDED = {
  "0.13.2": { file: "0.13.2", probes: "real013" },
  "1.1.0": { file: "1.1.0-SNAPSHOT", probes: "real11" },
  "1.2.0": { file: "1.2.0-SNAPSHOT", probes: "real12" },
  "1.6.0": { file: "1.6.0-SNAPSHOT-fork", probes: "fork16" },
  "1.12.6": { file: "1.12.6", probes: "real112" },
} as const;
export type RecordedRelease = keyof typeof RECORDED;
export const RELEASES = Object.keys(RECORDED) as RecordedRelease[];

/** Why tests that need recordings are skipped; `undefined` where they are not. */
export const SKIPPED = process.env.OBSERVED_DIR
  ? undefined
  : "OBSERVED_DIR is not set: it names the folder of answers that were recorded from real servers";

/** All that was recorded of a release; throws where OBSERVED_DIR is set but wrong. */
export function recordedRows(release: RecordedRelease): Row[] {
  const folder = join(process.env.OBSERVED_DIR ?? "", "openmetadata");
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(
      `Cannot read recordings: OBSERVED_DIR holds no folder "openmetadata": "${process.env.OBSERVED_DIR}"`,
    );
  }
  const { file, probes } = RECORDED[release];
  const lines = readFileSync(join(folder, `${file}.jsonl`), "utf8")
    .split("\n")
    .filter(Boolean);
  const series = readdirSync(join(folder, "probes")).filter((name) => name.endsWith(`-${probes}.json`));
  return [
    ...lines
      .map((line) => JSON.parse(renamed(line)) as Traffic)
      .filter(isItsOwn(release))
      .map(ofTraffic),
    ...series.flatMap((name) =>
      (JSON.parse(renamed(readFileSync(join(folder, "probes", name), "utf8"))) as Probe[]).map(ofProbe),
    ),
  ];
}

interface Traffic extends Omit<Row, "name"> {
  throughShim?: boolean;
}

interface Probe {
  name: string;
  request: { method: string; path: string; body: unknown; token: string };
  status: number;
  body: unknown;
}

/** What was put between the app and the server told the keys, too, which the server does not. */
function isItsOwn(release: RecordedRelease): (row: Traffic) => boolean {
  return ({ throughShim, path }) => !(release === "1.12.6" && throughShim && path.endsWith("/config/auth"));
}

function ofTraffic({ method, path, signedIn, body, status, answer }: Traffic): Row {
  return { name: "", method, path: path.replace(/^\/api/, ""), signedIn, body, status, answer };
}

function ofProbe({ name, request, status, body: answer }: Probe): Row {
  const { method, path, body, token } = request;
  return { name, method, path, signedIn: token !== "none", body, status, answer };
}

/** The fork calls itself otherwise. */
function renamed(text: string): string {
  return text
    .replaceAll("metaMart", "openMetadata")
    .replaceAll("MetaMart", "OpenMetadata")
    .replaceAll("metamart", "openmetadata");
}
