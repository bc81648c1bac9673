import type { Applied } from "../outcome.ts";
import type { Known, Sight, Vault } from "./observe.ts";
import type { Plan } from "./step.ts";

/** What a step came to, and the versions that it has written, as the vault answered. */
export type Taken = Applied & { wrote?: Partial<Vault> };

/**
 * Looks at a credential from step to step, and reads no more than the next step rests on. What only makes, proves or hands
 * on can be done by what was seen before: a promotion and a push read the vault once more themselves, at the last moment.
 * Without `keeps` everything is read each time.
 */
export function lookingFrom(look: (known: Known | undefined) => Promise<Sight>, { keeps }: { keeps: boolean }) {
  let known: Known | undefined;
  let isFresh = false;
  return {
    async look(): Promise<Sight> {
      isFresh = known === undefined;
      const sight = await look(known);
      known = keeps ? { holder: sight.holder, vault: vaultOf(sight) } : undefined;
      return sight;
    },
    /** Whether the plan, made by what was kept, may only be made by what is there now: then all is read anew. */
    mustLookAgain(plan: Plan): boolean {
      const again = !isFresh && restsOnTheList(plan);
      if (again) known = undefined;
      return again;
    },
    /** A step that is not done leaves unknown what has become of the vault. */
    async take(sight: Sight, step: () => Promise<Taken>): Promise<Applied> {
      known &&= { ...known, vault: undefined };
      const { wrote, ...applied } = await step();
      if (known && applied.state === "done") known = { ...known, vault: { ...vaultOf(sight), ...wrote } };
      return applied;
    },
  };
}

/** What there is of credentials decides about making one more, and about taking one away. */
function restsOnTheList({ next, blocked }: Plan): boolean {
  return blocked !== undefined || next?.kind === "issue" || next?.kind === "retire";
}

function vaultOf({ current, staged }: Vault): Vault {
  return { current, staged };
}
