import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { afterEach, describe, expect, it } from "vitest";
import { bounds } from "../../shared/clients/azure-bounds.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Has the client that Microsoft's clients send with ask a server, within what the bounds allow; whose time `ends` when an answer has begun. */
async function ask(answer: (response: ServerResponse) => void, { ends = false } = {}): Promise<unknown> {
  const limit = new AbortController();
  const server = createServer((_, response) => answer(response));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const request = createPipelineRequest({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers: createHttpHeaders({ "accept-encoding": "gzip" }),
    abortSignal: limit.signal,
    allowInsecureConnection: true,
  });
  const client = createDefaultHttpClient();
  return bounds.policy
    .sendRequest(request, async (one) => {
      const begun = await client.sendRequest(one);
      if (ends) limit.abort();
      return begun;
    })
    .then(
      ({ status, bodyAsText }) => ({ status, bodyAsText }),
      (error: Error) => error.name,
    );
}

const WHOLE = gzipSync(JSON.stringify({ value: "x".repeat(100_000) + Math.PI }));

describe("an answer to one of Microsoft's clients", () => {
  it("is read to its end, packed or not", async () => {
    expect(await ask((response) => response.end('{"a":1}'))).toEqual({ status: 200, bodyAsText: '{"a":1}' });
    const packed = await ask((response) => response.setHeader("content-encoding", "gzip").end(WHOLE));
    expect(packed).toMatchObject({ status: 200, bodyAsText: expect.stringContaining("3.14") });
  });

  it.each([
    ["plain", "identity", Buffer.from('{"value":')],
    ["packed", "gzip", WHOLE.subarray(0, 40)],
  ])("that has begun, %s, and never ends, ends with the time of its request", async (_, encoding, beginning) => {
    const came = ask((response) => response.setHeader("content-encoding", encoding).write(beginning), { ends: true });
    expect(await came).toBe("AbortError");
  });

  it("that breaks off is none", async () => {
    expect(await ask((response) => response.write('{"value":', () => response.destroy()))).toBe("Error");
  });
});
