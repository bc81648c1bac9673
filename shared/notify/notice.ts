import * as z from "zod";
import { CREDENTIALS } from "../deployment/credentials.ts";
import { unreadable } from "../problems/unreadable.ts";
import { LONGEST_TEXT } from "./cut.ts";

const text = z.string().max(LONGEST_TEXT);

/** What somebody is told: a change of what holds of a credential, of a deployment, or of the app itself. Holds no secret. */
const notice = z.strictObject({
  /** The same for the same change, however often it is sent. */
  id: z.string().max(500),
  kind: z.enum(["delivered", "assumed-delivered", "stalled", "expiring", "recovered", "leak-answered", "test"]),
  on: z.iso.datetime(),
  /** Absent where it is about the app itself. */
  deployment: z.string().optional(),
  /** Absent where it is about a deployment as a whole, too. */
  credential: z.enum(CREDENTIALS).optional(),
  /** The vault secret. */
  secret: z.string().optional(),
  title: text,
  message: text,
  /** A reason of docs/status.md, or a code of docs/problems.md. */
  reason: z.string().optional(),
  /** What to do. */
  hint: text.optional(),
});

/** With the page that shows more, which is known when it is sent: no link comes from the queue. */
export type Notice = z.output<typeof notice> & { page?: string };

/** A message of the queue; `to` is the place of a receiver in the setting, and all are meant without it. */
const message = z.discriminatedUnion("kind", [
  z.strictObject({ version: z.literal(1), kind: z.literal("notice"), notice, to: z.number().optional() }),
  z.strictObject({ version: z.literal(1), kind: z.literal("test") }),
]);

export type NoticeMessage = z.output<typeof message>;

/** Reads what the queue hands out. Never throws: what another version of this app wrote is to be ignored. */
export function readNoticeMessage(given: unknown): NoticeMessage | { kind: "ignored"; because: string } {
  const parsed = message.safeParse(given);
  return parsed.success ? parsed.data : unreadable(parsed.error, "the message");
}

/** A notification that tells nothing but that notifications arrive. */
export function testNotice(now: Date): Notice {
  const on = now.toISOString();
  const message = "Notifications of OpenMetadata Entra arrive here. Nothing has happened.";
  return { id: `test/${on}`, kind: "test", on, title: "Test", message };
}
