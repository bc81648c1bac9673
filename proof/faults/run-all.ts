import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { bundle } from "../../scripts/build.ts";
import { onCloudTime } from "./cloud-time.ts";
import { GROUPS } from "./list.ts";
import { type Outcome, play, type Stagecraft } from "./play.ts";
import type { Group } from "./report.ts";
import type { Scenario } from "./scenario.ts";

export interface Choice {
  /** Numbers of faults; without them all. */
  only?: readonly number[];
  /** Called before each scenario, and with what came of it. */
  onBegin?: (scenario: Scenario) => void;
  onEnd?: (outcome: Outcome) => void;
  /** Whether an outcome deserves a second play: on a busy machine answers overtake each other in another order. */
  again?: (outcome: Outcome) => boolean;
}

/** Plays the scenarios one after the other: they share the clock of the process. */
export async function runAll({ only, onBegin, onEnd, again }: Choice = {}): Promise<Group[]> {
  const stagecraft = await prepare();
  try {
    const groups: Group[] = [];
    for (const { heading, scenarios } of GROUPS) {
      const outcomes: Outcome[] = [];
      for (const scenario of scenarios.filter(({ fault }) => !only || only.includes(fault))) {
        onBegin?.(scenario);
        const first = await play(scenario, stagecraft);
        const outcome = again?.(first) ? await play(scenario, stagecraft) : first;
        onEnd?.(outcome);
        outcomes.push(outcome);
      }
      groups.push({ heading, outcomes });
    }
    return groups;
  } finally {
    await stagecraft.close();
  }
}

/** Bundles the app and makes a certificate, once for all scenarios. */
export async function prepare(): Promise<Stagecraft & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-faults-"));
  const main = join(folder, "main.cjs");
  await bundle(main, [onCloudTime]);
  const certificate = await createCertificate();
  trustCertificate(certificate);
  return { main, certificate, close: () => rm(folder, { recursive: true }) };
}
