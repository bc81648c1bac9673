import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Row } from "./rows.ts";

/** A server on loopback that answers as the recorded one did. */
export interface Replay {
  url: string;
  /** What it was asked that is in no recording. */
  unknown: string[];
  close(): Promise<void>;
}

/** The beginning of a token is all that is left of one in the recordings; a client that reads tokens needs a whole one. */
const CUT_TOKEN = "eyJraWQiOi...jwt";

/**
 * Replays recorded rows: a question is answered as it was, the same one again by the next recorded answer to it, and the
 * last one again and again. Ids and names in questions are those of the recording.
 */
export async function replay(rows: readonly Row[]): Promise<Replay> {
  const answers = Map.groupBy(rows, ({ method, path }) => `${method} ${path}`);
  const asked = new Map<string, number>();
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    const line = questionOf(request);
    const recorded = answers.get(line) ?? [];
    const times = asked.get(line) ?? 0;
    asked.set(line, times + 1);
    const row = recorded[Math.min(times, recorded.length - 1)];
    if (!row) unknown.push(line);
    response.writeHead(row?.status ?? 501, { "content-type": "application/json" });
    response.end(row ? body(row.answer) : JSON.stringify({ code: 501, message: `not recorded: ${line}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unknown,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function questionOf({ method, url = "" }: IncomingMessage): string {
  return `${method} ${url.replace(/^\/api/, "")}`;
}

function body(answer: unknown): string {
  return answer === "" ? "" : JSON.stringify(answer).replaceAll(CUT_TOKEN, wholeToken());
}

/** Not signed: nobody here verifies it. */
function wholeToken(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ sub: "ingestion-bot", iat: 1_795_830_000, exp: null })}.c2ln`;
}
