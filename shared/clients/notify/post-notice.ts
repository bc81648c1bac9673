import type { Receiver } from "../../deployment/receivers.ts";
import { UpstreamError } from "../../errors.ts";
import { REQUEST_TIME_OUT } from "../../limits.ts";
import { boundedFetch } from "../http.ts";

/**
 * Posts a notification to a receiver. Its address is a secret: of what fails, neither address nor cause is told. No
 * redirect is followed, and of the answer only the status is read.
 * @throws {UpstreamError} unless the receiver answered 2xx.
 */
export async function postNotice(
  { url, format, place }: Receiver,
  { contentType, body }: { contentType: string; body: string },
): Promise<void> {
  const receiver = `receiver ${place + 1} of NOTIFY_URL (${format})`;
  const status = await statusOf(url, { contentType, body });
  if (status >= 200 && status < 300) return;
  const said =
    status === 0
      ? "does not answer"
      : status < 400
        ? `redirects (${status}), which is not followed`
        : `answered ${status}`;
  throw new UpstreamError(`Cannot send a notification: ${receiver} ${said}`, {
    service: "Notification receiver",
    status,
  });
}

/** 0: no answer. */
async function statusOf(url: string, { contentType, body }: { contentType: string; body: string }): Promise<number> {
  try {
    const response = await boundedFetch(url, {
      method: "POST",
      headers: { "content-type": contentType },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIME_OUT),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
