import type { Context } from "hono";
import { badParameter } from "./refusal.ts";
import type { Authenticated, Vault } from "./vault.ts";

/** One line of a list, and what the list is sorted by. */
export interface Entry {
  key: string;
  item: object;
}

/** The most that a page holds, and what it holds unless fewer are asked for. */
const MAX_RESULTS = 25;

/** A page of a list, with the link to the next one or null. */
export function pageOf(c: Context<Authenticated>, vault: Vault, entries: Entry[]): object {
  const query = new URL(c.req.url).searchParams;
  const size = pageSize(query.get("maxresults"));
  const after = decode(query.get("$skiptoken"));
  const rest = entries.filter(({ key }) => key > after).sort((one, other) => (one.key < other.key ? -1 : 1));
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const more = rest.length > size && last;
  return {
    value: shown.map(({ item }) => item),
    nextLink: more
      ? `${vault.options.url()}${c.req.path}?api-version=${query.get("api-version")}&$skiptoken=${encode(last.key)}&maxresults=${size}`
      : null,
  };
}

function pageSize(asked: string | null): number {
  if (asked === null) return MAX_RESULTS;
  const size = Number(asked);
  if (/^\d+$/.test(asked) && size >= 1 && size <= MAX_RESULTS) return size;
  throw badParameter(`maxresults must be between 1 and ${MAX_RESULTS}`);
}

function encode(key: string): string {
  return Buffer.from(key).toString("base64url");
}

function decode(token: string | null): string {
  return Buffer.from(token ?? "", "base64url").toString();
}
