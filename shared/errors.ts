/** The deployment of this app is wrong; nothing works until its settings are mended. `faults` names every one. */
export class SettingsError extends Error {
  override name = "SettingsError" as const;
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`Cannot start: ${faults.join("; ")}`);
    this.faults = faults;
  }
}

/** The outside services, by the name that logs and answers use. */
export type Service = "Microsoft Graph" | "Entra" | "Key Vault" | "OpenMetadata" | "App Service";

interface UpstreamFacts {
  service: Service;
  status: number;
  code?: string;
  transient?: boolean;
  retryAfterSeconds?: number;
}

/**
 * A service refused or failed. `transient` says that the same request may succeed later without anybody acting;
 * `status` is its HTTP status, 0 when no answer came; `code` its own code for the reason, where it gave one;
 * `retryAfterSeconds` how long it wants to be left alone, where it said so.
 */
export class UpstreamError extends Error {
  override name = "UpstreamError" as const;
  readonly service: Service;
  readonly status: number;
  readonly code: string | undefined;
  readonly transient: boolean;
  readonly retryAfterSeconds: number;
  constructor(message: string, facts: UpstreamFacts) {
    super(blotted(message));
    this.service = facts.service;
    this.status = facts.status;
    this.code = facts.code && blotted(facts.code);
    this.transient = facts.transient ?? isTransient(facts.status);
    this.retryAfterSeconds = facts.retryAfterSeconds ?? 0;
  }
}

/** A person must act before this can go on; `hint` says what to do. */
export class StalledError extends Error {
  override name = "StalledError" as const;
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The caller sent something that cannot be meant; nothing was changed. */
export class InputError extends Error {
  override name = "InputError" as const;
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Something done a moment ago is not visible everywhere yet: the caller asks again after `retryAfterSeconds`. */
export class NotYetError extends Error {
  override name = "NotYetError" as const;
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What an answer tells of a failure beside its message. */
export interface Details {
  /** Permissions of Microsoft Graph that the app's own identity lacks. */
  permissions?: readonly string[];
  /** Where a person can consent instead. */
  adminConsentUrls?: readonly string[];
  /** ISO 8601. A repeat that sends it continues this rotation instead of beginning another. */
  issuedBefore?: string;
}

/** A failure, which is the `cause`, with details for whoever called. */
export class DetailedError extends Error {
  override name = "DetailedError" as const;
  readonly details: Details;
  constructor(cause: Error, details: Details) {
    super(cause.message, { cause });
    this.details = details;
  }
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

function isTransient(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
