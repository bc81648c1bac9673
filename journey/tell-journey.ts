import type { LogEntry } from "../local/host/log.ts";
import { judge } from "./judge.ts";
import { RELEASES, type ReleaseChoice } from "./release-choice.ts";
import { openSetting, type Setting } from "./setting.ts";
import type { Teller } from "./teller.ts";
import { travel } from "./travel.ts";
import type { Unpacked } from "./unpack.ts";

interface Options {
  onLog: (entry: LogEntry) => void;
  /** Plays with what this package holds, instead of the sources. */
  unpacked: Unpacked | undefined;
}

/** One journey from beginning to end, told as it happens; returns the number of faults. */
export async function tellJourney(
  { openMetadata, flow }: ReleaseChoice,
  tell: Teller,
  { onLog, unpacked }: Options,
): Promise<number> {
  const began = performance.now();
  tell.progress("starting the local cloud");
  const setting = await openSetting({
    start: new Date(new Date().setUTCHours(8, 0, 0, 0)),
    release: RELEASES[openMetadata],
    flow,
    signInEveryMinutes: 120,
    onLog,
    ...unpacked,
  });
  try {
    const { cloud } = setting;
    const how = flow === "implicit" ? "implicit flow" : "authorization-code flow";
    const ready = `local cloud ready in ${((performance.now() - began) / 1000).toFixed(1)} s`;
    tell.line(`OpenMetadata ${cloud.openMetadata.options.release}, ${how}; ${ready}`, "", "");
    const judged = judge(setting);
    await travel(setting, tell, judged.first);
    tell.line("result", "sign-ins", signInsOf(setting));
    tell.line("result", "requests", requestsOf(setting));
    const faults = judged.faults();
    for (const fault of faults) tell.line("FAILED", "", fault);
    return faults.length;
  } finally {
    await setting.close();
  }
}

/** `ingestion 2,484 (0 refused)`, and people where they sign in by this flow. */
function signInsOf({ cloud }: Setting): string {
  return [["ingestion", cloud.ingestion] as const, ["people", cloud.people] as const]
    .filter(([, { signIns }]) => signIns() > 0)
    .map(([who, { signIns, refusals }]) => `${who} ${inWords(signIns())} (${refusals().length} refused)`)
    .join(", ");
}

function requestsOf({ cloud }: Setting): string {
  const services = { Graph: "graph", "Key Vault": "key-vault", OpenMetadata: "openmetadata" } as const;
  const counts = Object.entries(services).map(([name, service]) => `${name} ${inWords(cloud.requests(service))}`);
  return `${counts.join(", ")}${cloud.checksContracts ? "; every exchange fits the published schemas" : ""}`;
}

function inWords(count: number): string {
  return count.toLocaleString("en");
}
