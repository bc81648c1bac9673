import * as z from "zod";
import { blotted, UpstreamError } from "../../errors.ts";
import { LIST_TIME_OUT, MOST_PAGES } from "../../limits.ts";
import { type Answer, request } from "../http.ts";
import { harmless, messageIn, withPlainStatus } from "./words.ts";

export interface CallOptions {
  method?: string;
  body?: unknown;
  /** Another media type of the body than JSON. */
  contentType?: string;
  /** Another token than our own. */
  token?: string;
  anonymous?: boolean;
  timeoutMilliseconds?: number;
  /** Ends the call too. */
  signal?: AbortSignal;
}

/** What every call to one OpenMetadata server has in common. `action` says in an error message what was attempted. */
export interface OpenMetadataCalls {
  /** Sends and gives back the answer, whatever its status; that of a path that does not exist is always 404. */
  send(action: string, path: string, options?: CallOptions): Promise<Answer>;
  /** @throws {UpstreamError} where the status is no success, or the body not of this shape. */
  read<T extends z.ZodType>(action: string, answer: Answer, schema: T): z.output<T>;
  call<T extends z.ZodType>(action: string, path: string, options: CallOptions & { answer: T }): Promise<z.output<T>>;
  /** Releases up to 0.13 keep the system calls one level higher. */
  system<T extends z.ZodType>(action: string, path: string, answer: T): Promise<z.output<T>>;
  /** All items of a list, page after page; `path` has a query already. */
  list<T extends z.ZodType>(action: string, path: string, item: T): Promise<z.output<T>[]>;
  /** undefined where there is no such thing. */
  find<T extends z.ZodType>(action: string, path: string, answer: T): Promise<z.output<T> | undefined>;
  /** Keeps a value out of every message: the server may repeat what it was sent. */
  hide(secret: string): void;
  /** What of a text of the server may be repeated: no secret that it was sent, and no piece of its configuration. */
  quote(text: string): string;
}

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
export const strings = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

/** The token that we sign in with; another one in place of `refused`, if there is another. */
export type OwnToken = (refused?: string) => Promise<string>;

/** Calls one OpenMetadata server. What it refuses to our own token is tried once with another, where there is one. */
export function openMetadataCalls(baseUrl: string, token: OwnToken): OpenMetadataCalls {
  const sent = new Set<string>();
  const read: OpenMetadataCalls["read"] = (action, answer, schema) => readAnswer(action, answer, { schema, sent });
  const send = sender(baseUrl, token, sent);
  const call: OpenMetadataCalls["call"] = async (action, path, { answer, ...options }) =>
    read(action, await send(action, path, options), answer);
  return {
    send,
    read,
    call,
    async system(action, path, answer) {
      const recent = await send(action, `/v1/system/${path}`, { anonymous: true });
      if (recent.status !== 404) return read(action, recent, answer);
      return call(action, `/v1/${path}`, { answer, anonymous: true });
    },
    list: (action, path, item) => everyPage(call, action, { path, item }),
    async find(action, path, answer) {
      const found = await send(action, path);
      return found.status === 404 ? undefined : read(action, found, answer);
    },
    hide: (secret) => void sent.add(secret),
    quote: (said) => quoted(said, sent),
  };
}

/** Remembers in `sent` which tokens it sent. */
function sender(baseUrl: string, token: OwnToken, sent: Set<string>): OpenMetadataCalls["send"] {
  const once = async (action: string, path: string, options: CallOptions): Promise<Answer> => {
    const headers: Record<string, string> = {};
    if (options.token !== undefined) {
      sent.add(options.token);
      headers.authorization = `Bearer ${options.token}`;
    }
    if (options.body !== undefined) headers["content-type"] = options.contentType ?? "application/json";
    const answer = await request("OpenMetadata", action, {
      url: `${baseUrl}/api${path}`,
      method: options.method ?? "GET",
      headers,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds: options.timeoutMilliseconds }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return withPlainStatus(answer);
  };
  return async (action, path, options = {}) => {
    if (options.anonymous || options.token !== undefined) return once(action, path, options);
    const own = await token();
    const answer = await once(action, path, { ...options, token: own });
    if (answer.status !== 401) return answer;
    const another = await token(own).catch(() => own);
    return another === own ? answer : once(action, path, { ...options, token: another });
  };
}

async function everyPage<T extends z.ZodType>(
  call: OpenMetadataCalls["call"],
  action: string,
  { path, item }: { path: string; item: T },
): Promise<z.output<T>[]> {
  const answer = z.object({ data: z.array(item), paging: z.object({ after: text }).nullish() });
  const found: z.output<T>[] = [];
  const seen = new Set<string>();
  const signal = AbortSignal.timeout(LIST_TIME_OUT);
  for (let after = ""; ; ) {
    const cursor = after ? `&after=${encodeURIComponent(after)}` : "";
    const page = await call(action, `${path}${cursor}`, { answer, signal });
    found.push(...page.data);
    after = page.paging?.after ?? "";
    if (!after) return found;
    if (seen.has(after) || seen.size >= MOST_PAGES) throw endless(action);
    seen.add(after);
  }
}

function endless(action: string): UpstreamError {
  const message = `Cannot ${action}: OpenMetadata keeps returning more pages`;
  return new UpstreamError(message, { service: "OpenMetadata", status: 200 });
}

function readAnswer<T extends z.ZodType>(
  action: string,
  { status, json, retryAfterSeconds = 0 }: Answer,
  { schema, sent }: { schema: T; sent: ReadonlySet<string> },
): z.output<T> {
  const facts = { service: "OpenMetadata", status, retryAfterSeconds } as const;
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const what =
      json === undefined
        ? "something that is not JSON (is there a proxy or a login page in between?)"
        : "something unexpected";
    throw new UpstreamError(`Cannot ${action}: OpenMetadata answered ${status} with ${what}`, facts);
  }
  const said = messageIn(json);
  const words = said ? ` "${quoted(said, sent)}"` : "";
  throw new UpstreamError(`Cannot ${action}: OpenMetadata answered ${status}${words}`, facts);
}

function quoted(said: string, sent: ReadonlySet<string>): string {
  return harmless(blotted(said, [...sent]));
}
