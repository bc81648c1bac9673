import { isAhead, type leftTo, type Notebook, remember } from "./progress.ts";
import type { Stored } from "./stored.ts";

/** What is noted of a delivery that is not over: what a message goes on with, and until when readers have time. */
type Left = Partial<NonNullable<ReturnType<typeof leftTo>>> & Pick<Stored, "readUntil">;

interface Current<V> {
  latest(): Promise<V | undefined>;
  note(version: V, left: Left): Promise<unknown>;
}

/**
 * Lets other runs leave the delivery of what was `seen` alone while a message goes on with it. Where another run has done
 * so, or was done with it, since then, that one's word holds, and no message of this run follows: two that went on side by
 * side would each take the other's write for a change of the bot, and begin anew for ever. What cannot be noted costs a
 * repetition. Never throws.
 */
export async function leaveDelivery<V extends Stored>(
  current: Current<V>,
  seen: Stored,
  { left, notebook, now }: { left: Left | undefined; notebook: Notebook | undefined; now: Date },
): Promise<void> {
  if (!left) return;
  try {
    const latest = await current.latest();
    if (latest?.version !== seen.version) return;
    if (left.pushOn && isOvertaken(seen, latest, now)) {
      if (notebook) notebook.left = undefined;
      return;
    }
    await current.note(latest, left);
    remember(notebook, left);
  } catch {}
}

function isOvertaken(seen: Stored, latest: Stored, now: Date): boolean {
  const isNew = (milestone: "deliveredOn" | "confirmedOn") => latest[milestone] !== undefined && !seen[milestone];
  const { pushOn } = latest;
  const isLeft = isAhead(pushOn, now) && pushOn.getTime() !== seen.pushOn?.getTime();
  return isLeft || isNew("deliveredOn") || isNew("confirmedOn");
}
