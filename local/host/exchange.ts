import type { IncomingHttpHeaders } from "node:http";

/** A request as it reached the host. */
export interface HostRequest {
  method: string;
  /** Path of the request target, undecoded, without the query. */
  path: string;
  /** As the client wrote it, with the scheme and the `Host` header; forwarding headers are ignored. */
  url: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What the host sends back. No body means `Content-Length: 0`; a body is sent in chunks, as Kestrel does. */
export interface Answer {
  status: number;
  headers?: [name: string, value: string][];
  body?: string | Uint8Array;
  /** Ends the connection after this answer. */
  close?: boolean;
}

/** The first header of a name, or `undefined`. */
export function header(request: HostRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A JSON answer of the host itself. */
export function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: [["Content-Type", "application/json; charset=utf-8"]],
    body: JSON.stringify(value),
  };
}

/** A plain text answer of the host itself. */
export function text(status: number, body: string): Answer {
  return { status, headers: [["Content-Type", "text/plain; charset=utf-8"]], body };
}
