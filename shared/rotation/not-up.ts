import { UpstreamError } from "../errors.ts";
import type { Applied } from "./outcome.ts";

/**
 * Before OpenMetadata has been started for the first time, nothing is wrong in its not answering: with the authorization
 * code flow it cannot be started without its first secret. Whoever calls is told so; to the timer it is a failure, which
 * shows where the server's address is wrong.
 */
export function isNotUp(failure: unknown): failure is UpstreamError {
  return (
    failure instanceof UpstreamError &&
    (failure.code === "openmetadata-unreachable" || failure.code === "openmetadata-unavailable")
  );
}

/** Waits for the server where the delivery failed because it does not answer. @throws every other failure. */
export async function untilUp(name: string, delivery: Promise<Applied>): Promise<Applied> {
  try {
    return await delivery;
  } catch (failure) {
    if (!isNotUp(failure)) throw failure;
    const detail = `OpenMetadata does not answer yet; it can be started with the secret in "${name}": ${failure.message}`;
    return { state: "waiting", code: "openmetadata-not-up", detail };
  }
}
