import type { Ask } from "../order.ts";
import type { Applied } from "../outcome.ts";
import type { Known, Sight, Vault } from "./observe.ts";
import type { Issued } from "./observed.ts";
import type { Holder } from "./ports.ts";
import type { Plan } from "./step.ts";

/** What a step came to, the versions that it has written, as the vault answered, and the credential that Entra has made. */
export type Taken = Applied & { wrote?: Partial<Vault>; made?: Issued };

/**
 * Looks at a credential from step to step, and reads no more than the next step rests on. What proves, signs in or hands on
 * can be planned by what was seen before: a promotion and a push read the vault once more themselves, at the last moment.
 * After a leak everything is read each time, and whoever asked is answered by what is there at the end.
 */
export function lookingFrom(look: (known: Known | undefined) => Promise<Sight>, ask: Ask | undefined) {
  let known: Known | undefined;
  let isFresh = false;
  return {
    async look(): Promise<Sight> {
      isFresh = known === undefined;
      const sight = await look(known);
      known = ask?.revokeOld ? undefined : { holder: sight.holder, vault: vaultOf(sight) };
      return sight;
    },
    /** Whether the plan, made by what was kept, may only be made by what is there now: then all is read anew. */
    mustLookAgain(plan: Plan): boolean {
      const isAnswer = ask !== undefined && plan.next === undefined;
      const again = !isFresh && (isAnswer || restsOnTheList(plan));
      if (again) known = undefined;
      return again;
    },
    /** A step that is not done leaves unknown what has become of the vault. */
    async take(sight: Sight, step: () => Promise<Taken>): Promise<Applied> {
      known &&= { ...known, vault: undefined };
      const { wrote, made, ...applied } = await step();
      if (known && applied.state === "done") {
        const { holder } = known;
        known = { holder: made ? withMade(holder, made) : holder, vault: { ...vaultOf(sight), ...wrote } };
      }
      return applied;
    },
  };
}

/** What there is of credentials decides about making one more, and about taking one away. */
function restsOnTheList({ next, blocked }: Plan): boolean {
  return blocked !== undefined || next?.kind === "issue" || next?.kind === "retire";
}

function withMade(holder: Holder, made: Issued): Holder {
  return { ...holder, managed: [...holder.managed, made] };
}

function vaultOf({ current, staged }: Vault): Vault {
  return { current, staged };
}
