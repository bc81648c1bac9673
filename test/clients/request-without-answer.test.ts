import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { request } from "../../shared/clients/http.ts";
import { REQUEST_TIME_OUT } from "../../shared/limits.ts";

let server: Server;
let url: string;
let arrived: () => void;
/** Each time limit that was set, and what ends it. */
let limits: { milliseconds: number; end(): void }[];

beforeEach(async () => {
  limits = [];
  vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
    const controller = new AbortController();
    const end = () => controller.abort(new DOMException("The time is up", "TimeoutError"));
    limits.push({ milliseconds, end });
    return controller.signal;
  });
  // Takes the request, and never answers.
  server = createServer(() => arrived());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("a request that is never answered", () => {
  it.each([
    ["after ten seconds", undefined, REQUEST_TIME_OUT],
    ["after the time that the caller gives it", 240_000, 240_000],
  ])("ends %s", async (_, timeoutMilliseconds, expected) => {
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const asked = request("OpenMetadata", "read", { url, ...(timeoutMilliseconds ? { timeoutMilliseconds } : {}) });
    const ended = expect(asked).rejects.toMatchObject({ status: 0, transient: true });
    await waiting;
    expect(limits.map(({ milliseconds }) => milliseconds)).toEqual([expected]);
    limits[0]?.end();
    await ended;
  });

  it("ends with the calls that it is one of", async () => {
    const whole = new AbortController();
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const asked = request("OpenMetadata", "read", { url, signal: whole.signal });
    const ended = expect(asked).rejects.toMatchObject({ status: 0 });
    await waiting;
    whole.abort();
    await ended;
  });
});
