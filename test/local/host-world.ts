import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { movableClock } from "../../local/clock.ts";
import { type Host, type HostOptions, startHost } from "../../local/host/host.ts";
import type { LogEntry } from "../../local/host/log.ts";

export const KEYS = { master: "master-key", function: "host-key", eventGrid: "event-grid-key" };

const here = fileURLToPath(new URL(".", import.meta.url));
const bundle = { extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" } };
const opened: (() => Promise<void>)[] = [];

/** An app: one of the fixtures, or a text in which `app` is at hand. */
export type Source = { fixture: string } | { code: string };

interface Changes extends Partial<HostOptions> {
  hostJson?: unknown;
}

/** A folder with host.json and the bundled app. */
async function deploy(source: Source, hostJson: unknown): Promise<{ main: string; root: string }> {
  const root = await mkdtemp(join(tmpdir(), "host-"));
  opened.push(() => rm(root, { recursive: true }));
  const main = join(root, "main.cjs");
  const input: BuildOptions =
    "fixture" in source
      ? { entryPoints: [`${here}fixtures/${source.fixture}.ts`] }
      : {
          stdin: {
            contents: `import { app } from "@azure/functions";\n${source.code}`,
            resolveDir: here,
            loader: "ts",
          },
        };
  await build({
    ...input,
    outfile: main,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@azure/functions-core"],
  });
  await writeFile(join(root, "host.json"), typeof hostJson === "string" ? hostJson : JSON.stringify(hostJson));
  return { main, root };
}

/** A running host with an app, on a clock that stands at 2026-11-22T03:38:30Z. */
export async function openHost(source: Source, { hostJson = { version: "2.0", ...bundle }, ...changes }: Changes = {}) {
  const log: LogEntry[] = [];
  const clock = changes.clock ?? movableClock(new Date("2026-11-22T03:38:30Z"));
  const place = await deploy(source, hostJson);
  const host = await startHost({ ...place, settings: {}, clock, log: (entry) => log.push(entry), ...changes });
  opened.push(() => host.stop());
  const lines = (category: string) => log.filter((entry) => entry.category === category).map((entry) => entry.message);
  return {
    host,
    clock,
    log,
    place,
    lines,
    errors: () => log.filter((entry) => entry.level === "error").map((entry) => entry.message),
    /** What the handlers of a function said; ours say JSON. */
    said: (name: string) => lines(`Function.${name}.User`).map((line): unknown => JSON.parse(line)),
    call: (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init),
  };
}

/** Stops what was opened, last first. For `afterEach`. */
export async function closeHosts(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A request that `fetch` would not send, such as a GET with a body. */
export async function sendRaw(host: Host, path: string, { method = "GET", headers = {}, body }: RawRequest) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(`${host.url}${path}`, { method, headers }, resolve).once("error", reject);
    sent.flushHeaders();
    if (body !== undefined) sent.end(body);
    else if (!headers["content-length"]) sent.end();
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}
