import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../local/clock.ts";
import { type Cloud, startCloud } from "../local/cloud/cloud.ts";
import { type Host, startHost } from "../local/host/host.ts";
import type { LogEntry } from "../local/host/log.ts";
import { watchBundle } from "../scripts/build.ts";
import { type Caller, explainCalls, guardedByKeys, renewToken } from "./dev-calls.ts";
import { type DevSettings, devSettings } from "./dev-settings.ts";
import { eventIn } from "./event-in.ts";
import { moveClock } from "./move-clock.ts";
import { stepIn } from "./news.ts";
import { RELEASES, type ReleaseChoice } from "./release-choice.ts";
import { KEYS, queuesOf, subscribe } from "./setting.ts";
import type { Teller } from "./teller.ts";

export interface DevSessionOptions {
  /** The folder with the sources, host.json and perhaps local.settings.json. */
  root: string;
  /** 0 picks a free one, and keeps it. */
  port: number;
  choice: ReleaseChoice;
  clock: Clock;
  tell: Teller;
  /** Called after each attempt to load the app, with whether its functions run. */
  onLoad?: (running: boolean) => void;
}

/** The local cloud and the app, which is loaded again after every edit. */
export interface DevSession {
  /** Where the app listens, as long as the session lasts. */
  url(): string;
  cloud: Cloud;
  /** Obeys a line like `+60d`; says how it is written where it is not. */
  move(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts everything; ends when the app was loaded for the first time, or could not be. */
export async function openDevSession(options: DevSessionOptions): Promise<DevSession> {
  const { root, clock, tell, choice, onLoad = () => {} } = options;
  const cloud = await startCloud({ clock, release: RELEASES[choice.openMetadata], flow: choice.flow });
  cloud.openMetadata.addPipeline({ name: "warehouse-metadata", deployed: true });
  cloud.ingestion.start();
  cloud.people.start();
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-dev-"));
  const main = join(folder, "main.cjs");
  const certificate = join(folder, "local-cloud.pem");
  await writeFile(certificate, cloud.certificate.cert);

  const app = reloadable({ ...options, main, cloud });
  let caller: Caller | undefined;
  const load = async (): Promise<void> => {
    const host = await app.load();
    if (host && caller?.byKey !== guardedByKeys(host)) {
      caller = await explainCalls({ host, cloud, clock, certificate, tell });
    }
    onLoad(host !== undefined);
  };
  const stopWatching = await watchBundle(main, load, root);
  return {
    url: app.url,
    cloud,
    async move(line) {
      app.quiet = true;
      await moveClock(line, clock, tell).catch((error) => tell.text(`a job of the local cloud failed: ${error}`));
      app.quiet = false;
      if (caller) caller = await renewToken(caller, { cloud, clock, tell });
    },
    async close() {
      await stopWatching();
      await app.stop();
      await cloud.close();
      clock.stop();
      await rm(folder, { recursive: true });
    },
  };
}

interface Reloadable {
  /** Stops the app that runs and starts the new one. Says why where it cannot; the next edit is another chance. */
  load(): Promise<Host | undefined>;
  /** Of the log only steps of rotations and troubles are shown, while the clock runs through weeks. */
  quiet: boolean;
  url(): string;
  stop(): Promise<void>;
}

function reloadable({ root, port, clock, tell, main, cloud }: DevSessionOptions & { main: string; cloud: Cloud }) {
  // As long as a host runs, its settings are in process.env.
  const shell = { ...process.env };
  let host: Host | undefined;
  let chosen = port;
  // As on Azure: who deploys anew leaves the subscriptions as they are.
  let subscribed = false;
  let loads = 0;
  const log = (entry: LogEntry): void => {
    const { level, message, functionName } = entry;
    if (level === "debug") return;
    if (app.quiet && level !== "error" && level !== "warning" && !stepIn(entry)) return;
    tell.text(`${level.padEnd(12)}${functionName ?? "host"}: ${eventIn(entry)?.message ?? message}`);
  };
  const start = async ({ settings, overruled }: DevSettings): Promise<Host> => {
    await host?.stop();
    const started = await startHost({
      main,
      root,
      port: chosen,
      clock,
      keys: KEYS,
      settings,
      queues: queuesOf(cloud),
      log,
    });
    host = started;
    chosen = Number(new URL(started.url).port);
    if (!subscribed && started.functions.length > 0) {
      await subscribe({ cloud, host: started, keys: KEYS });
      subscribed = true;
    }
    if (overruled.length > 0) {
      tell.text(`local.settings.json: used, except for what the local cloud decides: ${overruled.join(", ")}`);
    }
    return started;
  };
  const app: Reloadable = {
    quiet: false,
    url: () => `http://127.0.0.1:${chosen}`,
    async load() {
      try {
        const { functions } = await start(devSettings(root, cloud, shell));
        loads += 1;
        if (functions.length === 0) tell.text("no functions are running: see above; the next edit is loaded again");
        else if (loads > 1) tell.text(`reloaded: ${functions.length} functions`);
        return functions.length > 0 ? host : undefined;
      } catch (error) {
        tell.text(
          `not loaded: ${error instanceof Error ? error.message : String(error)}; the next edit is tried again`,
        );
        return undefined;
      }
    },
    stop: async () => host?.stop(),
  };
  return app;
}
