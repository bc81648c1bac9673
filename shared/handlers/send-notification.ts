import type { InvocationContext } from "@azure/functions";
import { postNotice } from "../clients/notify/post-notice.ts";
import type { Receiver } from "../deployment/receivers.ts";
import { UpstreamError } from "../errors.ts";
import { MINUTE } from "../limits.ts";
import { messageIgnored, trouble } from "../log.ts";
import { againIn } from "../notify/again.ts";
import { bodyOf } from "../notify/body.ts";
import { type Notice, readNoticeMessage, testNotice } from "../notify/notice.ts";
import { logTo } from "../triggers/log-event.ts";
import { clock } from "../world/clock.ts";
import { notices } from "../world/notify.ts";
import { pageUrl, receivers } from "../world/settings.ts";

/**
 * Sends a notification to the receiver that its message names. One for all becomes a message for each: what one receiver
 * has taken is not sent again because another is down. One that does not answer gets it later, for days.
 * @throws {UpstreamError} so that the host brings the message again, and puts it aside in the end.
 */
export async function sendNotification(message: unknown, context: InvocationContext): Promise<void> {
  const log = logTo(context);
  const read = readNoticeMessage(message);
  if (read.kind === "ignored") return log(messageIgnored(read.because));
  const notice = read.kind === "test" ? testNotice(clock.now()) : read.notice;
  const all = receivers().receivers;
  const to = read.kind === "test" ? undefined : read.to;
  if (to === undefined && all.length > 1) return sendEach(notice, all);
  const receiver = to === undefined ? all[0] : all.find((one) => one.place === to);
  if (!receiver) return log(messageIgnored(`NOTIFY_URL names no receiver ${(to ?? 0) + 1} that can be served`));
  const { place } = receiver;
  try {
    await postNotice(receiver, bodyOf({ ...notice, ...pageOf(notice) }, receiver.format));
  } catch (error) {
    // Whoever asks for a test wants to know now.
    const delay = passes(error) && notice.kind !== "test" ? againIn(notice, clock.now()) : undefined;
    if (delay === undefined) throw error;
    await notices().send({ version: 1, kind: "notice", notice, to: place }, { delay });
    const minutes = Math.round(delay / MINUTE);
    return log(trouble(`notification "${notice.id}" is sent again in ${minutes} minutes`, error));
  }
  log({
    event: "note",
    message: `notification sent to receiver ${place + 1} (${receiver.format}): ${notice.title}`,
    deployment: notice.deployment,
    credential: notice.credential,
  });
}

/** What was refused is refused again. */
function passes(error: unknown): boolean {
  return error instanceof UpstreamError && error.transient;
}

/** Where the page is, the one that shows more; made here, so that no link comes from the queue. */
function pageOf({ deployment }: Notice): { page?: string } {
  if (!pageUrl) return {};
  return { page: deployment ? `${pageUrl}?deployment=${encodeURIComponent(deployment)}` : pageUrl };
}

async function sendEach(notice: Notice, all: readonly Receiver[]): Promise<void> {
  const queue = notices();
  for (const { place: to } of all) await queue.send({ version: 1, kind: "notice", notice, to }, { delay: 0 });
}
