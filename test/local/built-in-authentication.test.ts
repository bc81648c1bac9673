import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { createFrontDoor } from "../../local/cloud/built-in-authentication/create-front-door.ts";

const behind = new Hono().all("*", (c) => c.text(c.req.header("x-ms-token-aad-id-token") ?? "none"));
const door = createFrontDoor({
  async verify(token) {
    if (token === "bad") throw new Error("refused");
    return { audience: token };
  },
  audiences: ["api"],
  excludedPaths: ["/runtime/webhooks/EventGrid"],
  sessions: new Map([["a-session", { idToken: "of-a-person" }]]),
  app: behind,
});
const ask = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await door.fetch(new Request(`https://app.example.com${path}`, { headers }));
  return [answer.status, await answer.text()];
};

describe("built-in authentication", () => {
  it("lets nobody through to any path but the excluded ones without a token for the app, or a session", async () => {
    for (const authorization of ["", "Bearer bad", "Bearer other", "Basic api"])
      expect((await ask("/api/x", { authorization }))[0]).toBe(401);
    expect(await ask("/api/x", { authorization: "Bearer api" })).toEqual([200, "none"]);
    expect(await ask("/RUNTIME/webhooks/eventgrid?functionName=F")).toEqual([200, "none"]);
    expect((await ask("/runtime/webhooks/blobs"))[0]).toBe(401);
  });

  it("hands on the id token of a session, and none that a stranger sends", async () => {
    const forged = { "x-ms-token-aad-id-token": "forged" };
    const cookie = "AppServiceAuthSession=a-session";
    expect(await ask("/api/x", { cookie, ...forged })).toEqual([200, "of-a-person"]);
    expect(await ask("/api/x", { authorization: "Bearer api", ...forged })).toEqual([200, "none"]);
    expect(await ask("/runtime/webhooks/EventGrid", forged)).toEqual([200, "none"]);
  });

  it("shows a session what is held of it, and nobody else", async () => {
    expect(await ask("/.auth/me", { cookie: "AppServiceAuthSession=a-session" })).toEqual([
      200,
      '[{"provider_name":"aad","id_token":"of-a-person"}]',
    ]);
    expect((await ask("/.auth/me", { cookie: "AppServiceAuthSession=another" }))[0]).toBe(401);
  });
});
