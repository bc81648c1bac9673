import { StalledError } from "../errors.ts";
import { differences, isOurs } from "./bot-user.ts";
import type { AzureSso, BotUser, Ports, User } from "./ports.ts";

/**
 * Reads back what was written. A status code proves nothing: later releases answer 200 and drop what they were sent.
 * @throws {StalledError} naming the fields that the server holds otherwise.
 */
export async function readBack(
  { openMetadata, deployment }: Ports,
  { subject, version, wanted, userId }: { subject: string; version: string; wanted: AzureSso; userId: string },
): Promise<void> {
  const pointed = await openMetadata.bot(deployment.botName);
  const fields = differences(await openMetadata.mechanism(userId), wanted);
  if (pointed?.userId !== userId) fields.push("botUser");
  if (fields.length === 0) return;
  throw new StalledError(
    "openmetadata-not-updated",
    `${subject}: OpenMetadata ${version} reported success but did not change ${fields.join(", ")}`,
    {
      hint: "Check the bot in Settings > Bots. The secret is safe in the vault, and the next run tries again",
    },
  );
}

/**
 * The user as it is now, where it has been as we saw it during the whole deployment; undefined where somebody has changed
 * it. Its version tells, which grows with each change (open-metadata.org, "Entity versioning"): the secret itself may be
 * masked, or be ours again by now.
 */
export async function untouched(
  { openMetadata }: Ports,
  { wanted, user }: { wanted: AzureSso; user: User },
): Promise<User | undefined> {
  if (differences(await openMetadata.mechanism(user.id), wanted).length > 0) return undefined;
  const now = await openMetadata.user(user.name);
  return now?.version === user.version ? now : undefined;
}

/**
 * The bot's user, where it already holds what we want it to; undefined where it must be written (again). Another push of
 * the same secret is no change by somebody else: to write once more would only disturb that one.
 */
export async function heldAlready(
  { openMetadata, deployment }: Ports,
  { wanted, user, administrator }: { wanted: BotUser; user: User; administrator: string },
): Promise<User | undefined> {
  const [bot, mechanism, now] = await Promise.all([
    openMetadata.bot(deployment.botName),
    openMetadata.mechanism(user.id),
    openMetadata.user(user.name),
  ]);
  const holds = bot?.userId === user.id && isOurs({ mechanism, user: now }, wanted, administrator);
  return holds ? now : undefined;
}
