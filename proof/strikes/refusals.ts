import { randomUUID } from "node:crypto";
import type { Clock } from "../../local/clock.ts";
import { type Refusal, refusalAnswer } from "../../local/cloud/entra/refusal.ts";
import type { FaultEffect } from "../../local/cloud/exchange.ts";
import { errorBody, refuse } from "../../local/cloud/graph/refusal.ts";
import { refusal as vaultRefusal, type Words } from "../../local/cloud/key-vault/refusal.ts";
import { refusal as openMetadataRefusal } from "../../local/cloud/openmetadata/refusal.ts";

/** Nobody reads the time in Graph's inner errors. */
const SOME_DAY = new Date("2031-01-01T00:00:00Z");

type Status = Parameters<typeof refuse>[0];

/** Graph's refusal in its own envelope, given without doing anything. */
export function graphSays(
  status: Status,
  [code, message]: [string, string],
  headers: Record<string, string> = {},
): FaultEffect {
  return { kind: "answer", response: () => graphAnswer(status, [code, message], headers) };
}

export function graphAnswer(status: Status, [code, message]: [string, string], headers = {}): Response {
  const ids = { requestId: randomUUID(), clientRequestId: randomUUID() };
  return Response.json(errorBody(refuse(status, code, message), { now: SOME_DAY, ...ids }), { status, headers });
}

/** The token endpoint's refusal. */
export function entraSays(refusal: Refusal, clock: Clock): FaultEffect {
  return {
    kind: "answer",
    response: () => refusalAnswer(refusal, { now: clock.now(), origin: "https://login.localhost" }),
  };
}

export const UNKNOWN_SECRET: Refusal = {
  code: 7000215,
  text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
};
export const EXPIRED_SECRET: Refusal = { code: 7000222, text: "The provided client secret keys are expired." };

/** The vault's refusal. */
export function vaultSays(status: Status, words: Words, headers: Record<string, string> = {}): FaultEffect {
  return { kind: "answer", response: () => vaultRefusal(status, words, headers).getResponse() };
}

export const BLOCKED_BY_FIREWALL: Words = {
  code: "Forbidden",
  message: "Client address is not authorized and caller is not a trusted service.",
  inner: "ForbiddenByFirewall",
};

/** OpenMetadata's refusal. */
export function openMetadataSays(status: Status, message: string): FaultEffect {
  return { kind: "answer", response: () => openMetadataRefusal(status, message).getResponse() };
}

/** What no service documents, such as the page of a proxy: marked, so that nobody holds it against a schema. */
export function somethingElse(status: number, body: string): FaultEffect {
  const headers = { "content-type": "text/html", "x-injected-fault": "1" };
  return { kind: "answer", response: () => new Response(body, { status, headers }) };
}
