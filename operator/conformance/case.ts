import type { Asked, Question } from "../ask.ts";

/** What a case needs beside a sign-in: a vault to write into, a site to read, an event that was received, permissions. */
export type Need = "vault" | "site" | "event" | "consent";

/** One statement about a real service that the stand-ins rely on. */
export interface Case {
  id: string;
  /** In a sentence, without ids. */
  claim: string;
  needs?: Need;
  /** What it makes, for the dry run; all of it is removed again. */
  makes?: string[];
  /** @throws {Difference} where the service does otherwise; other errors mean that it could not be tried. Returns what else was seen. */
  run(tenant: Tenant): Promise<string | undefined>;
}

export interface Seen {
  status: number;
  json: unknown;
  headers: Headers;
}

/** Calls of one service as whoever is signed in. */
export type Call = (
  method: Question["method"],
  path: string,
  more?: Pick<Question, "body" | "headers">,
) => Promise<Seen>;

export interface Secret {
  keyId: string;
  value: string;
}

/** A throw-away application. */
export interface Application {
  id: string;
  appId: string;
  uniqueName: string;
}

/** What the cases work with. */
export interface Tenant {
  /** Microsoft Graph v1.0; paths begin behind the version. */
  graph: Call;
  /** The token endpoint of the tenant, or of another one. */
  signIn(form: Record<string, string>, tenantId?: string): Promise<Seen>;
  /** A public document of Entra, by its path behind the authority. */
  published(path: string): Promise<Seen>;
  vault: Call;
  vaultUrl: string;
  /** Azure Resource Manager, behind the resource id of the site. */
  site: Call;
  /** Events as they were received. */
  events: readonly unknown[];
  tenantId: string;
  /** Object id of whoever is signed in. */
  ownId: string;
  graphUrl: string;
  /** A name that nobody else has. */
  newName(): string;
  /** Makes an application that is removed at the end; the one of the run where no body is given. */
  application(body?: object): Promise<Application>;
  /** The object id of the service principal of the run's application. */
  principal(): Promise<string>;
  /** A secret of the run's application, once Entra takes it. */
  secret(): Promise<Secret>;
  /** Has a secret of the vault removed at the end. */
  removeSecret(name: string): void;
  /** Tries until it is so, or half a minute has passed: reads lag behind writes. */
  eventually(attempt: () => Promise<Seen>, until: (seen: Seen) => boolean): Promise<Seen>;
}

/** The service does otherwise than the stand-ins. */
export class Difference extends Error {
  override name = "Difference" as const;
}

export interface Expected {
  status?: number | number[];
  /** Graph's and Key Vault's `error.code`, or the inner one. */
  code?: string;
  /** A fragment of the message, in any case. */
  says?: string;
  /** An AADSTS number. */
  aadsts?: number;
  error?: string;
}

/** @throws {Difference} that says what was expected and what was seen. */
export function expectSeen(seen: Seen, expected: Expected): void {
  const { status, code, message, codes, error } = told(seen);
  const statuses = expected.status === undefined ? [status] : [expected.status].flat();
  const fits =
    statuses.includes(status) &&
    (expected.code === undefined || code.includes(expected.code)) &&
    (expected.says === undefined || message.toLowerCase().includes(expected.says.toLowerCase())) &&
    (expected.aadsts === undefined || codes.includes(expected.aadsts)) &&
    (expected.error === undefined || error === expected.error);
  if (!fits) throw new Difference(`expected ${JSON.stringify(expected)}, seen ${inWords(seen)}`);
}

/** @throws {Difference} */
export function expect(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new Difference(otherwise);
}

/** An answer in a line, without its values. */
export function inWords(seen: Seen): string {
  const { status, code, message, codes, error } = told(seen);
  const parts = [
    String(status),
    error,
    ...codes.map((one) => `AADSTS${one}`),
    ...code,
    message && `"${message.slice(0, 200)}"`,
  ];
  return parts.filter(Boolean).join(" ");
}

function told({ status, json }: Seen) {
  const body = record(json);
  const nested = record(body.error);
  const inner = record(nested.innererror);
  const code = [nested.code, inner.code].filter((one) => typeof one === "string");
  const message = [nested.message, body.error_description].find((one) => typeof one === "string") ?? "";
  const codes = Array.isArray(body.error_codes) ? body.error_codes.map(Number) : [];
  return { status, code, message, codes, error: typeof body.error === "string" ? body.error : undefined };
}

/** The properties of an answer; none where it is no object. */
export function record(json: unknown): Record<string, unknown> {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}

/** A list in an answer. */
export function items(json: unknown, name = "value"): Record<string, unknown>[] {
  const value = record(json)[name];
  return Array.isArray(value) ? value.map(record) : [];
}

/** @throws {Error} when nobody answered. */
export function seenIn(asked: Asked, what: string): Seen {
  if (asked.kind === "silent") throw new Error(`${what} does not answer (${asked.because})`);
  return { status: asked.status, json: asked.json, headers: asked.headers ?? new Headers() };
}
