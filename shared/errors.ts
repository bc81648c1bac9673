import { type CodeOf, PROBLEMS, type ProblemCode, type WaitingCode } from "./problems/problems.ts";

/** What an error knows beside its code and message. Without a `hint` the one of its code counts. */
interface Remedy {
  hint?: string | undefined;
  cause?: unknown;
}

/** A failure that answers and log lines tell by its code; `hint` says what to do. */
export abstract class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly hint: string;
  constructor(code: ProblemCode, message: string, { hint = PROBLEMS[code].hint, cause }: Remedy = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** The deployment of this app is wrong; nothing works until its settings are mended. `faults` names every one. */
export class SettingsError extends ProblemError {
  override name = "SettingsError" as const;
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super("settings-invalid", `Cannot start: ${faults.join("; ")}`);
    this.faults = faults;
  }
}

/** The outside services, by the name that logs and answers use. */
export type Service =
  | "Microsoft Graph"
  | "Entra"
  | "Key Vault"
  | "OpenMetadata"
  | "App Service"
  | "Storage"
  | "Notification receiver";

interface UpstreamFacts extends Remedy {
  service: Service;
  status: number;
  /** Where service and status alone do not tell the consequence. */
  code?: CodeOf<502 | 503>;
  serviceCode?: string | undefined;
  retryAfterSeconds?: number;
}

/**
 * A service refused or failed. `transient` says that the same request may succeed later without anybody acting;
 * `status` is its HTTP status, 0 when no answer came; `serviceCode` its own code for the reason, where it gave one;
 * `retryAfterSeconds` how long it wants to be left alone, where it said so.
 */
export class UpstreamError extends ProblemError {
  override name = "UpstreamError" as const;
  readonly service: Service;
  readonly status: number;
  readonly serviceCode: string | undefined;
  readonly transient: boolean;
  readonly retryAfterSeconds: number;
  constructor(message: string, facts: UpstreamFacts) {
    const code = facts.code ?? CODES[facts.service][consequenceOf(facts.status)];
    super(code, blotted(message), facts);
    this.service = facts.service;
    this.status = facts.status;
    this.serviceCode = facts.serviceCode && blotted(facts.serviceCode);
    this.transient = PROBLEMS[code].status === 503;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? 0;
  }
}

interface StalledFacts extends Remedy {
  /** Permissions of Microsoft Graph that the app's own identity lacks. */
  permissions?: readonly string[];
  /** Where a person can consent instead, in a browser; the hint has what else must be done. */
  adminConsentUrls?: readonly string[];
}

/** A person must act before this can go on; `hint` says what to do. */
export class StalledError extends ProblemError {
  override name = "StalledError" as const;
  readonly permissions: readonly string[] | undefined;
  readonly adminConsentUrls: readonly string[] | undefined;
  constructor(code: CodeOf<409>, message: string, facts: StalledFacts) {
    super(code, message, facts);
    this.permissions = facts.permissions;
    this.adminConsentUrls = facts.adminConsentUrls;
  }
}

/** The caller sent something that cannot be meant; nothing was changed. */
export class InputError extends ProblemError {
  override name = "InputError" as const;
  constructor(code: CodeOf<400 | 413>, message: string, remedy: Remedy & { hint: string }) {
    super(code, message, remedy);
  }
}

/** Nobody who may do this sent the request; nothing was changed. */
export class CallerError extends ProblemError {
  override name = "CallerError" as const;
  constructor(code: CodeOf<401 | 403>, message: string, remedy: Remedy & { hint: string }) {
    super(code, message, remedy);
  }
}

/** Something done a moment ago is not visible everywhere yet: the caller asks again after `retryAfterSeconds`. */
export class NotYetError extends ProblemError {
  override name = "NotYetError" as const;
  declare readonly code: WaitingCode;
  readonly retryAfterSeconds: number;
  constructor(code: WaitingCode, message: string, facts: Remedy & { retryAfterSeconds: number }) {
    super(code, message, facts);
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/**
 * A failure, which is the `cause`, of a rotation that was asked for. A repeat that sends `issuedBefore` (ISO 8601)
 * continues this rotation instead of beginning another.
 */
export class ContinuableError extends Error {
  override name = "ContinuableError" as const;
  readonly issuedBefore: string;
  /** Ids of what was to be retired and still signs in. */
  readonly left: readonly string[];
  constructor(cause: Error, issuedBefore: string, left: readonly string[] = []) {
    super(cause.message, { cause });
    this.issuedBefore = issuedBefore;
    this.left = left;
  }
}

/** By what a failure is told; what nobody foresaw is a fault of our own. */
export function codeOf(failure: unknown): ProblemCode {
  if (failure instanceof ContinuableError) return codeOf(failure.cause);
  return failure instanceof ProblemError ? failure.code : "internal-error";
}

/** So much of a text that a caller has sent is repeated. */
const LONGEST_QUOTE = 60;

/** A text that a caller has sent, for a message: cut, in quotes, on one line, and with nothing that looks like a secret. */
export function quoted(text: string): string {
  const safe = blotted(text);
  return withoutControls(JSON.stringify(safe.length > LONGEST_QUOTE ? `${safe.slice(0, LONGEST_QUOTE)}…` : safe));
}

/** JSON in which nothing can be read as the end of a line: JSON itself leaves some of what can. */
export function withoutControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What tokens and Entra's client secrets look like, whole or cut off. */
const SECRET_FORMS = [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, /[\w~.-]{3}\dQ~[\w~.-]*/g];
/** So long a piece of a secret is not shown. */
const PIECE = 8;

/**
 * What a service says may repeat what it was sent. Blots out all that looks like a token or a client secret, and every
 * piece of those that are known.
 */
export function blotted(said: string, known: readonly string[] = []): string {
  // By form first: all tokens begin alike, and one whose beginning was taken for a piece of another would keep its end.
  const text = SECRET_FORMS.reduce((rest, form) => rest.replace(form, "***"), said);
  const hidden = new Set<number>();
  for (const secret of known) {
    for (let start = 0; start + PIECE <= secret.length; start += 1) {
      const piece = secret.slice(start, start + PIECE);
      for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) {
        for (let place = at; place < at + PIECE; place += 1) hidden.add(place);
      }
    }
  }
  return Array.from({ length: text.length }, (_, place) => (hidden.has(place) ? "*" : text.charAt(place))).join("");
}

type Consequence = "unreachable" | "throttled" | "unavailable" | "forbidden" | "refused" | "unreadable";

function consequenceOf(status: number): Consequence {
  if (status === 0) return "unreachable";
  if (status === 429) return "throttled";
  if (status === 408 || status >= 500) return "unavailable";
  if (status === 403) return "forbidden";
  return status >= 400 ? "refused" : "unreadable";
}

const CODES: Record<Service, Record<Consequence, CodeOf<502 | 503>>> = {
  "Microsoft Graph": {
    unreachable: "graph-unreachable",
    throttled: "graph-throttled",
    unavailable: "graph-unavailable",
    forbidden: "graph-forbidden",
    refused: "graph-refused",
    unreadable: "graph-unreadable",
  },
  Entra: {
    unreachable: "entra-unreachable",
    throttled: "entra-unavailable",
    unavailable: "entra-unavailable",
    forbidden: "entra-refused",
    refused: "entra-refused",
    unreadable: "entra-unreadable",
  },
  "Key Vault": {
    unreachable: "vault-unreachable",
    throttled: "vault-throttled",
    unavailable: "vault-unavailable",
    forbidden: "vault-refused",
    refused: "vault-refused",
    unreadable: "vault-unavailable",
  },
  OpenMetadata: {
    unreachable: "openmetadata-unreachable",
    throttled: "openmetadata-unavailable",
    unavailable: "openmetadata-unavailable",
    forbidden: "openmetadata-refused",
    refused: "openmetadata-refused",
    unreadable: "openmetadata-unreadable",
  },
  Storage: {
    unreachable: "storage-unreachable",
    throttled: "storage-unavailable",
    unavailable: "storage-unavailable",
    forbidden: "storage-refused",
    refused: "storage-refused",
    unreadable: "storage-unavailable",
  },
  "App Service": {
    unreachable: "app-service-unreachable",
    throttled: "app-service-unavailable",
    unavailable: "app-service-unavailable",
    forbidden: "app-service-refused",
    refused: "app-service-refused",
    unreadable: "app-service-unavailable",
  },
  "Notification receiver": {
    unreachable: "receiver-unavailable",
    throttled: "receiver-unavailable",
    unavailable: "receiver-unavailable",
    forbidden: "receiver-refused",
    refused: "receiver-refused",
    unreadable: "receiver-refused",
  },
};
