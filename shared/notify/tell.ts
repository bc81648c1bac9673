import { type Patience, planNotices, type Seen, type Subject } from "./plan.ts";
import type { Memory, Send } from "./ports.ts";
import { readTold, type Told } from "./told.ts";

/** What it takes to tell of changes. */
export interface Tools {
  memory: Memory;
  send: Send;
  patience: Patience;
}

/**
 * Tells what has changed since the last look, and remembers it then: whoever dies in between tells it again, by the same
 * id, and nothing is lost. Of two that look at once the slower one forgets what it saw: the next look makes up for it.
 * @throws {UpstreamError}
 */
export async function tellChanges(
  about: Subject,
  look: (before: Told | undefined) => Promise<Seen>,
  { memory, send, patience }: Tools,
): Promise<void> {
  const name = nameOf(about);
  const remembered = await memory.recall(name);
  const before = readTold(remembered?.json);
  const { notices, told } = planNotices(before, await look(before), { about, patience });
  for (const notice of notices) await send(notice);
  if (JSON.stringify(told) !== JSON.stringify(before)) await memory.remember(name, told, remembered?.etag);
}

/** Names of deployments are letters, digits and hyphens: no underline. */
function nameOf({ deployment, credential }: Subject): string {
  return deployment && credential ? `${deployment}/${credential}.json` : "_app.json";
}
