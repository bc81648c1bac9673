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
export type Service = "Microsoft Graph" | "Entra" | "Key Vault" | "OpenMetadata";

/**
 * A service refused or failed. `transient` says that the same request may succeed later without anybody acting;
 * `status` is its HTTP status, 0 when no answer came; `code` its own code for the reason, where it gave one.
 */
export class UpstreamError extends Error {
  override name = "UpstreamError" as const;
  readonly service: Service;
  readonly status: number;
  readonly code: string | undefined;
  readonly transient: boolean;
  constructor(message: string, facts: { service: Service; status: number; code?: string; transient?: boolean }) {
    super(message);
    this.service = facts.service;
    this.status = facts.status;
    this.code = facts.code;
    this.transient = facts.transient ?? isTransient(facts.status);
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

function isTransient(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
