import type { Asked, Question } from "../ask.ts";

/** What a case may need beside a sign-in; each is an option of the command, and its help tells what it takes. */
export const NEEDS = [
  "vault",
  "site",
  "event",
  "consent",
  "app",
  "topic",
  "subscribe",
  "assign",
  "settings",
  "signed-in",
  "directory-role",
] as const;
export type Need = (typeof NEEDS)[number];

/** One statement about a real service that the stand-ins rely on. */
export interface Case {
  id: string;
  /** In a sentence, without ids. */
  claim: string;
  needs?: readonly Need[];
  /** What it makes, for the dry run; all of it is removed again. */
  makes?: string[];
  /** Minutes that it may wait for Azure, where that is more than one. */
  waits?: number;
  /**
   * Returns what else was seen.
   * @throws {Difference} where the service does otherwise.
   * @throws {NotThere} where what was named has nothing to look at; other errors mean that it could not be tried.
   */
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
  /** The same, as the run's application: signed in anew, since roles are in its token. */
  graphAsApplication(): Promise<Call>;
  /** The application permissions of whoever is signed in; none of a person, who has rights by other ways. */
  permissions(): Promise<string[]>;
  /** The token endpoint of the tenant, or of another one. */
  signIn(form: Record<string, string>, tenantId?: string): Promise<Seen>;
  /** A public document of Entra, by its path behind the authority. */
  published(path: string): Promise<Seen>;
  vault: Call;
  vaultUrl: string;
  /** The same vault, as whoever a token was issued to. */
  vaultAs(token: string): Call;
  /** What tokens for the vault are asked for, by `<resource>/.default`. */
  vaultScope(): Promise<string>;
  /** Azure Resource Manager; paths begin with a resource id. */
  arm: Call;
  /** The resource that an option has named. @throws {Error} where none has. */
  named(need: "site" | "app" | "topic" | "subscribe" | "assign"): string;
  /** The texts of messages that wait in a queue, by its address, as they are stored. */
  messages(queueUrl: string): Promise<string[]>;
  /** Asks an app: as a stranger, as whoever is signed in with a token for `scope`, or as the session of a browser. */
  app(url: string, as?: { scope: string } | "session"): Promise<Seen>;
  /** Events as they were received. */
  events: readonly unknown[];
  tenantId: string;
  /** Object id of whoever is signed in. */
  ownId: string;
  graphUrl: string;
  authorityUrl: string;
  /** A name that nobody else has. */
  newName(): string;
  /** Makes an application that is removed at the end; the one of the run where no body is given. */
  application(body?: object): Promise<Application>;
  /** The object id of the service principal of the run's application. */
  principal(): Promise<string>;
  /** A secret of the run's application, once Entra takes it. */
  secret(): Promise<Secret>;
  /** Stores a secret that is removed at the end. */
  putSecret(name: string, body: object): Promise<Seen>;
  /** Makes a resource of Azure that is removed at the end; `path` with its api-version. */
  putResource(path: string, body: object): Promise<Seen>;
  /** Adds an app setting to a site that has none of this name, and takes it away at the end; each change starts the site anew. */
  addSetting(siteId: string, name: string, value: string): Promise<Seen>;
  /** Makes an object of Microsoft Graph in a collection, which is removed at the end. */
  postToGraph(collection: string, body: object): Promise<Seen>;
  /** Tries until it is so, or half a minute, or as many minutes, have passed: reads lag behind writes. */
  eventually<T>(attempt: () => Promise<T>, until: (seen: T) => boolean, minutes?: number): Promise<T>;
  now(): Date;
}

/** The service does otherwise than the stand-ins. */
export class Difference extends Error {
  override name = "Difference" as const;
}

/** What was named has nothing that the case could look at. */
export class NotThere extends Error {
  override name = "NotThere" as const;
}

/** Answered by a stand-in that does not know it: nothing is said about the real service. */
export class NotModelled extends Error {
  override name = "NotModelled" as const;
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

/**
 * @throws {Difference} that says what was expected and what was seen.
 * @throws {Error} where whoever is signed in lacks a right, which says nothing about the service.
 */
export function expectSeen(seen: Seen, expected: Expected): void {
  const { status, code, message, codes, error } = told(seen);
  const statuses = expected.status === undefined ? [status] : [expected.status].flat();
  const fits =
    statuses.includes(status) &&
    (expected.code === undefined || code.includes(expected.code)) &&
    (expected.says === undefined || message.toLowerCase().includes(expected.says.toLowerCase())) &&
    (expected.aadsts === undefined || codes.includes(expected.aadsts)) &&
    (expected.error === undefined || error === expected.error);
  if (!fits && status === 403) throw new Error(`you lack a right for it: ${inWords(seen)}`);
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

/** @throws {Error} when nobody answered. @throws {NotModelled} */
export function seenIn(asked: Asked, what: string): Seen {
  if (asked.kind === "silent") throw new Error(`${what} does not answer (${asked.because})`);
  const { code, message } = record(record(asked.json).error);
  if (asked.status === 501 && code === "NotModelled") throw new NotModelled(String(message));
  return { status: asked.status, json: asked.json, headers: asked.headers ?? new Headers() };
}
