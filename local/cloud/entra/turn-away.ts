import { type Code, type Refusal, refuse } from "./refusal.ts";

/** The refusals whose reason lies outside what is modelled (policies, clouds, load), and what Entra says of each. */
const TEXTS = {
  50001: "The resource principal named in the request is disabled or was not found.",
  53003: "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  530003: "Your device is required to be managed to access this resource.",
  90033: "A transient error has occurred. Please try again.",
  90055: "The server is too busy to handle the request. Please try again later.",
  900382: "Confidential Client is not supported in Cross Cloud request.",
} satisfies Partial<Record<Code, string>>;

/** Sign-ins that are refused though nothing is wrong with them: how a test has Entra say no. */
export interface TurnAway {
  /**
   * Refuses sign-ins with a client secret from now on, of one client or of all; the returned function ends it. Microsoft
   * Learn: "Microsoft Entra authentication and authorization error codes".
   */
  refuseSignIns(code: keyof typeof TEXTS, clientId?: string): () => void;
  /** The next requests for a token, so many of them, are answered with 429, those of managed identities too. In seconds. */
  throttle(requests: number, retryAfter: number): void;
}

/** What the token endpoints ask before they do anything. */
export interface Doorkeeper extends TurnAway {
  check(clientId: string): void;
  /** The seconds to wait, if this request is one too many. */
  tooMany(): number | undefined;
}

export function createDoorkeeper(): Doorkeeper {
  const rules = new Set<{ refusal: Refusal; clientId: string | undefined }>();
  const throttled = { left: 0, retryAfter: 0 };
  return {
    refuseSignIns(code, clientId) {
      const rule = { refusal: { code, text: TEXTS[code] }, clientId };
      rules.add(rule);
      return () => void rules.delete(rule);
    },
    throttle: (requests, retryAfter) => void Object.assign(throttled, { left: requests, retryAfter }),
    check(clientId) {
      for (const { refusal, clientId: only } of rules) {
        if (only === undefined || only === clientId) throw refuse(refusal.code, refusal.text);
      }
    },
    tooMany() {
      if (throttled.left === 0) return undefined;
      throttled.left -= 1;
      return throttled.retryAfter;
    },
  };
}

/** The refusal of a request that is one too many. */
export const TOO_BUSY: Refusal = { code: 90055, text: TEXTS[90055] };
