import { Buffer } from "node:buffer";

/** An answer, or why none came. `date`: what the other side's clock said. */
export type Asked =
  | { kind: "answered"; status: number; json: unknown; date: Date | undefined; headers?: Headers }
  | { kind: "silent"; because: string };

export interface Question {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  token?: string | undefined;
  headers?: Record<string, string>;
  /** Sent as JSON, a form as a form. */
  body?: unknown;
}

/** A host that has slept takes its time to answer the first call. */
const TIMEOUT = 60_000;
const LARGEST = 5 * 1024 * 1024;

/** One request; never throws, and follows no redirect, which might carry the token elsewhere. */
export async function ask(url: string, { method = "GET", token, headers = {}, body }: Question = {}): Promise<Asked> {
  const isForm = body instanceof URLSearchParams;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const date = new Date(response.headers.get("date") ?? Number.NaN);
    const json = parsed(await limited(response));
    return {
      kind: "answered",
      status: response.status,
      json,
      date: Number.isNaN(date.getTime()) ? undefined : date,
      headers: response.headers,
    };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
    return { kind: "silent", because: code ?? (cause instanceof Error ? cause.name : "no reason given") };
  }
}

async function limited(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.length;
    if (size > LARGEST) throw new Error("the answer is too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
