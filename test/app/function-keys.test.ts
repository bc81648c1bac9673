import { describe, expect, it } from "vitest";
import { openApp } from "./app.ts";
import { callEndpoint, endpoints, everything, rawCall } from "./raw-call.ts";

/** Without an audience there is nothing that a token could be for. */
const app = openApp({ settings: { API_AUDIENCE: "" } });

describe("callers without API_AUDIENCE", () => {
  it.each<[brought: string, headers: () => Promise<Record<string, string>>]>([
    ["nothing", async () => ({})],
    ["a wrong function key", async () => ({ "x-functions-key": "wrong" })],
    ["an empty function key", async () => ({ "x-functions-key": "" })],
    ["the key of Event Grid", async () => ({ "x-functions-key": app().keys.eventGrid })],
    ["a bearer token", async () => ({ authorization: `Bearer ${await app().cloud.callerToken(["Automation.Run"])}` })],
    ["the function key as a bearer token", async () => ({ authorization: `Bearer ${app().keys.function}` })],
  ])("are refused with an empty 401 when they bring %s", async (_, headers) => {
    const before = everything(app());
    app().mark();
    for (const endpoint of endpoints(app())) {
      const { status, text } = await callEndpoint(app(), endpoint, await headers());
      expect({ endpoint, status, text }).toEqual({ endpoint, status: 401, text: "" });
    }
    expect(app().exchanges).toEqual([]);
    expect(everything(app())).toBe(before);
  });

  it.each<[brought: string, headers: () => Record<string, string>]>([
    ["the function key", () => ({ "x-functions-key": app().keys.function })],
    ["the function key and a bad token", () => ({ "x-functions-key": app().keys.function, authorization: "Bearer x" })],
  ])("are let in when they bring %s", async (_, headers) => {
    expect(await callEndpoint(app(), "POST provision", headers())).toMatchObject({ status: 200 });
    for (const endpoint of endpoints(app())) {
      const { status } = await callEndpoint(app(), endpoint, headers());
      expect([401, 403, 503], endpoint).not.toContain(status);
    }
  });

  it("may bring the key in the address, as the platform allows", async () => {
    expect(await rawCall(app(), { method: "GET", path: `status?code=${app().keys.function}` })).toMatchObject({
      status: 200,
    });
  });
});
