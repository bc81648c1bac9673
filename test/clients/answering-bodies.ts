import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import type { GivenAnswer } from "./answering.ts";

const open = new Set<() => void>();
afterEach(() => {
  for (const close of open) close();
  open.clear();
});

/** Like `answering`, but reads the bodies too: each request by `POST /path`, with the JSON that it brought. */
export async function answeringBodies(answer: (line: string, count: number) => GivenAnswer) {
  const asked: { line: string; body: unknown; headers: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const line = `${request.method} ${request.url}`;
    asked.push({ line, body: text === "" ? undefined : JSON.parse(text), headers: request.headers });
    const { status = 200, headers = {}, json } = answer(line, asked.length);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(json === undefined ? "" : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.add(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
