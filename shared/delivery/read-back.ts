import { StalledError } from "../errors.ts";
import { differences } from "./bot-user.ts";
import type { AzureSso, Ports, User } from "./ports.ts";

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
    `${subject}: OpenMetadata ${version} answered success, but holds another ${fields.join(", ")}`,
    "Look at the bot in Settings, Bots. Nothing was lost: the secret is in the vault, and the next run tries again",
  );
}

/**
 * Has somebody changed the bot since we wrote, if only for the moment of the deployment? The version of the bot's user
 * tells, which grows with each change (open-metadata.org, "Entity versioning"): the secret itself may be masked, or be
 * ours again by now.
 */
export async function isOverwritten(
  { openMetadata }: Ports,
  { wanted, user }: { wanted: AzureSso; user: User },
): Promise<boolean> {
  if (differences(await openMetadata.mechanism(user.id), wanted).length > 0) return true;
  return (await openMetadata.user(user.name))?.version !== user.version;
}
