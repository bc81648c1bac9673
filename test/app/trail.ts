import { beforeAll } from "vitest";
import type { Exchange } from "../../local/cloud/exchange.ts";
import { type AppRecord, recordOf } from "../../proof/strikes/record.ts";
import { type App, SECRET } from "./app.ts";

/** What each write to a service, and each sign-in with a client secret, is in the words of the rotation. */
const WORDS: [request: RegExp, word: (exchange: Exchange) => string][] = [
  [/^entra POST .*\/oauth2\/v2\.0\/token$/, () => "sign in"],
  [/^graph POST .*\/addPassword$/, () => "issue"],
  [/^graph POST .*\/removePassword$/, () => "retire"],
  [new RegExp(`^key-vault PUT /secrets/${SECRET}-next`), ({ body }) => (/intent"/.test(body) ? "announce" : "stage")],
  [new RegExp(`^key-vault PUT /secrets/${SECRET}\\?`), () => "promote"],
  [
    new RegExp(`^key-vault PATCH /secrets/${SECRET}-next/`),
    ({ body }) => (/promotedOn/.test(body) ? "note promotion" : "note proof"),
  ],
  [
    new RegExp(`^key-vault PATCH /secrets/${SECRET}/`),
    ({ body }) => (/checkedOn/.test(body) ? "note check" : "note delivery"),
  ],
  [/^openmetadata PUT \/api\/v1\/users$/, () => "push"],
  [/^openmetadata PUT \/api\/v1\/bots$/, () => "point bot"],
  [/^openmetadata POST .*\/deploy(\/[^/]+)?$/, () => "deploy"],
];

/** Follows the app through one file's tests. The returned function tells what it has done since the last call. */
export function trail(app: () => App): () => string[] {
  let record: AppRecord | undefined;
  beforeAll(() => {
    record = recordOf(app().cloud.wire, ({ method, service }) => method !== "GET" && service !== "storage-queue");
  });
  return () => record?.exchanges.splice(0).map(stepOf) ?? [];
}

function stepOf(exchange: Exchange): string {
  const request = `${exchange.service} ${exchange.method} ${exchange.path}`;
  const [, word] = WORDS.find(([pattern]) => pattern.test(request)) ?? [];
  return word ? word(exchange) : request;
}
