import type { Subject } from "./news.ts";
import { leftToOthers, type Patience, planNotices, type Seen } from "./plan.ts";
import type { Memory, Send } from "./ports.ts";
import { sharedName } from "./shared-cause.ts";
import { readHeld, readTold, type Told } from "./told.ts";

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
  const seen = await look(before);
  const { notices, told } = planNotices(before, seen, { about, patience });
  const left: string[] = [];
  for (const reason of told.trouble?.told ?? []) {
    const shared = sharedName(reason, about.deployment);
    if (shared === undefined) continue;
    if (!(await holds(memory, shared, { by: name, now: seen.now, for: patience.bear }))) left.push(reason);
  }
  const own = leftToOthers({ notices, told }, left);
  for (const notice of own.notices) await send(notice);
  if (JSON.stringify(own.told) !== JSON.stringify(before)) await memory.remember(name, own.told, remembered?.etag);
}

/**
 * Is it this one that tells of a cause which it shares with others? The first one does, as long as it looks: an outage of
 * the vault is told once, and not once for each of a thousand credentials.
 */
async function holds(
  memory: Memory,
  shared: string,
  { by, now, for: counts }: { by: string; now: Date; for: number },
): Promise<boolean> {
  const remembered = await memory.recall(shared);
  const held = readHeld(remembered?.json);
  if (held && held.by !== by && now.getTime() - Date.parse(held.on) < counts) return false;
  return memory.remember(shared, { by, on: now.toISOString() }, remembered?.etag);
}

/** Names of deployments are letters, digits and hyphens: no underline. */
function nameOf({ deployment, credential }: Subject): string {
  return deployment ? `${deployment}/${credential ?? "_deployment"}.json` : "_app.json";
}
