import { GROUPS } from "./groups.ts";
import { prepare } from "./open-app.ts";
import { type Outcome, play } from "./play.ts";
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
