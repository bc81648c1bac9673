import type { LogEntry } from "../local/host/log.ts";
import { travel } from "./journey.ts";
import { judge } from "./judge.ts";
import { RELEASES, type Wish } from "./release-wish.ts";
import { openSetting } from "./setting.ts";
import type { Teller } from "./tell.ts";
import type { Unpacked } from "./unpack.ts";

interface Options {
  onLog: (entry: LogEntry) => void;
  /** Plays with what this package holds, instead of the sources. */
  unpacked: Unpacked | undefined;
}

/** One journey from beginning to end, told as it happens; returns the number of faults. */
export async function tellJourney(
  { openMetadata, flow }: Wish,
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
    const all = `Entra, Graph, Key Vault, Event Grid, OpenMetadata ${cloud.openMetadata.options.release} (${how}) ready`;
    tell.line("local cloud", "", all, (performance.now() - began) / 1000);
    const judged = judge(setting);
    await travel(setting, tell, judged.first);
    const measured = [["ingestion", cloud.ingestion] as const, ["people", cloud.people] as const];
    for (const [who, { signIns, refusals }] of measured) {
      if (signIns() === 0) continue;
      tell.line(who, "", `signed in ${signIns().toLocaleString("en")} times, refused ${refusals().length} times`);
    }
    const requests = { Graph: "graph", "Key Vault": "key-vault", OpenMetadata: "openmetadata" } as const;
    const counts = Object.entries(requests).map(
      ([name, service]) => `${name} ${cloud.requests(service).toLocaleString("en")}`,
    );
    const contracts = cloud.checksContracts ? "; every exchange fits the published schemas" : "";
    tell.line("requests", "", `${counts.join(", ")}${contracts}`);
    const faults = judged.faults();
    for (const fault of faults) tell.line("FAILED", "", fault);
    return faults.length;
  } finally {
    await setting.close();
  }
}
