import { UpstreamError } from "../../errors.ts";
import { SECOND } from "../../limits.ts";
import { isTransient, retry } from "../../retry.ts";
import type { Held } from "./observed.ts";
import type { Ports, ShownToken } from "./ports.ts";
import type { TokenLifetime } from "./step.ts";

/** Before the server is asked once more for the token of a bot that holds none. */
const PAUSES = [5 * SECOND, 5 * SECOND];

interface Wish {
  /** How an error message begins. */
  subject: string;
  before: Held;
  lifetime: TokenLifetime;
  endsOn: Date;
}

/**
 * Has the server issue a token, and reads it back: what a PUT answers may be encrypted, and an answer that got lost
 * says nothing. A bot that holds none, as after a revocation, is locked out until it has one, so that for it a failure
 * that may pass is not left to the next run.
 * @throws {UpstreamError} when the bot holds no other token than `before`.
 */
export function generate(ports: Ports, wish: Wish): Promise<ShownToken & { keyId: string }> {
  let isLockedOut = false;
  const attempt = async () => {
    const { issued, mayHoldNone, failure } = await generateOnce(ports, wish);
    if (issued) return issued;
    isLockedOut = mayHoldNone;
    throw failure;
  };
  return retry(ports, attempt, {
    pauses: PAUSES,
    endsOn: wish.endsOn,
    spread: true,
    again: (failure) => isLockedOut && isTransient(failure),
    onFailure: (message) =>
      ports.log({ event: "note", message: `retrying, because the bot has no token now: ${message}` }),
  });
}

/** Ends the bot's token. One whose revocation was answered with a failure may have ended all the same: that is looked at. */
export async function revoke({ tokens }: Ports, userId: string): Promise<void> {
  const asked = await outcome(tokens.revoke(userId));
  if (asked.failure === undefined) return;
  const { value: token } = await outcome(tokens.held(userId));
  if (!token || token.keyId !== undefined) throw asked.failure;
}

async function generateOnce({ tokens }: Ports, { subject, before, lifetime }: Wish) {
  const asked = await outcome(tokens.generate(before.userId, lifetime));
  const held = await outcome(tokens.held(before.userId));
  if (held.failure !== undefined) return { mayHoldNone: true, failure: asked.failure ?? held.failure };
  const { value: token } = held;
  const keyId = token?.keyId;
  if (token && keyId !== undefined && keyId !== before.keyId) return { issued: { ...token, keyId } };
  const unchanged = new UpstreamError(`${subject}: OpenMetadata reported success but issued no new token`, {
    service: "OpenMetadata",
    status: 200,
    code: "openmetadata-kept-old",
  });
  return { mayHoldNone: keyId === undefined, failure: asked.failure ?? unchanged };
}

async function outcome<T>(promise: Promise<T>): Promise<{ value?: T; failure?: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (failure: unknown) => ({ failure }),
  );
}
