import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeHosts, KEYS, openHost } from "./host-world.ts";

type World = Awaited<ReturnType<typeof openHost>>;

const code = `
  let waiting = 0;
  let release;
  const together = new Promise((resolve) => { release = resolve; });
  app.eventGrid("On-event", {
    handler(event, context) {
      context.log(JSON.stringify({ event, metadata: context.triggerMetadata }));
      if (event.data === "fail") throw new Error("event boom");
      return "ignored";
    },
  });
  app.eventGrid("pair", {
    async handler() {
      waiting += 1;
      if (waiting === 2) release();
      await together;
    },
  });
  app.http("web", { handler: () => ({}) });
`;

let world: World;
beforeAll(async () => {
  world = await openHost({ code }, { keys: KEYS });
});
afterAll(closeHosts);

interface Delivery {
  method?: string;
  type?: string;
  body?: string;
  name?: string | undefined;
  key?: string;
  path?: string;
}

async function deliver(delivery: Delivery) {
  const { method = "POST", type, body, name = "On-event", key = KEYS.eventGrid } = delivery;
  const { path = "/runtime/webhooks/EventGrid" } = delivery;
  const answer = await world.call(`${path}?functionName=${name}&code=${key}`, {
    method,
    headers: type === undefined ? {} : { "aeg-event-type": type },
    ...(body === undefined ? {} : { body }),
  });
  const { status, headers } = answer;
  return { status, headers, type: headers.get("content-type"), body: await answer.text() };
}

const notify = (body: unknown, name?: string) =>
  deliver({ type: "Notification", body: typeof body === "string" ? body : JSON.stringify(body), name });
const event = (id: string, data: unknown = { VaultName: "kv", NBF: null, EXP: 1.5 }) => ({
  id,
  topic: "/t",
  subject: "s",
  eventType: "Microsoft.KeyVault.SecretNewVersionCreated",
  eventTime: "2026-11-22T03:00:00.1234567Z",
  data,
  dataVersion: "1",
  metadataVersion: "1",
});

describe("the door of the webhook", () => {
  it("asks for a system key or the master key", async () => {
    const none = await deliver({ key: "" });
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await deliver({ key: KEYS.function })).toMatchObject({ status: 403 });
    expect(await deliver({ key: KEYS.master, type: "Unsubscribe" })).toMatchObject({ status: 202 });
    expect(await deliver({ method: "OPTIONS", key: "" })).toMatchObject({ status: 401 });
  });

  it.each(["", "unknown", "on-event", "Host.Functions.On-event", "web"])(
    "knows no Event Grid function %j",
    async (name) => {
      for (const method of ["POST", "OPTIONS"]) {
        const answer = await deliver({ name, method, type: "Notification" });
        expect(answer).toMatchObject({ status: 404, type: "text/plain; charset=utf-8" });
        expect(answer.body).toBe(`cannot find function: '${name}'`);
      }
    },
  );

  it("takes its path in any case and knows no other extension", async () => {
    const path = "/RUNTIME/webhooks/eventgrid";
    expect(await deliver({ path, type: "Unsubscribe" })).toMatchObject({ status: 202 });
    expect(await deliver({ path: "/runtime/webhooks/blobs" })).toMatchObject({ status: 403 });
    expect(await deliver({ path: "/runtime/webhooks/blobs", key: KEYS.master })).toMatchObject({ status: 404 });
  });

  it("answers 400 without a body to a request that says nothing or something unknown", async () => {
    expect(await deliver({ body: "[]" })).toMatchObject({ status: 400, body: "" });
    expect(await deliver({ body: "[]", type: "Greeting" })).toMatchObject({ status: 400, body: "" });
    expect(await deliver({ method: "GET", type: "Notification" })).toMatchObject({ status: 400, body: "" });
    expect(await deliver({ method: "PATCH", type: "Notification" })).toMatchObject({ status: 404, body: "" });
  });
});

describe("the handshake", () => {
  it.each([
    ["an array", [{ data: { validationCode: "abc" } }]],
    ["an object", { data: { validationCode: "abc" } }],
    ["a CloudEvent with encoded data", { data: '{"validationCode":"abc"}' }],
  ])("repeats the code of %s without calling the handler", async (_name, body) => {
    const before = world.said("On-event").length;
    const answer = await deliver({ type: "subscriptionVALIDATION", body: JSON.stringify(body) });
    expect(answer).toMatchObject({ status: 200, type: "text/plain; charset=utf-8" });
    expect(answer.body).toBe('{"validationResponse":"abc"}');
    expect(world.said("On-event")).toHaveLength(before);
  });

  it.each(["[]", "{", '[{"data":{}}]', ""])("fails for %j", async (body) => {
    expect(await deliver({ type: "SubscriptionValidation", body })).toMatchObject({ status: 500, body: "" });
  });

  it("allows Event Grid when a CloudEvents subscription asks", async () => {
    const answer = await deliver({ method: "OPTIONS" });
    expect([answer.status, answer.body]).toEqual([200, ""]);
    expect(answer.headers.get("webhook-allowed-origin")).toBe("eventgrid.azure.net");
    expect(answer.headers.has("webhook-allowed-rate")).toBe(false);
  });
});

describe("a notification", () => {
  it("gives the handler the event as it was sent, and its data once more in camel case", async () => {
    const sent = event("as-sent");
    expect(await notify([sent])).toMatchObject({ status: 202, body: "" });
    expect(world.said("On-event").at(-1)).toEqual({
      event: sent,
      metadata: { data: { vaultName: "kv", nBF: null, eXP: 1.5 } },
    });
  });

  it("takes CloudEvents, alone and in a batch", async () => {
    const cloudEvent = { id: "c", source: "/s", type: "T", specversion: "1.0", time: "2020-01-02T03:04:05+02:00" };
    expect(await notify(cloudEvent)).toMatchObject({ status: 202 });
    expect(await notify([cloudEvent, cloudEvent])).toMatchObject({ status: 202 });
    expect(world.said("On-event").slice(-3)).toEqual(Array(3).fill({ event: cloudEvent, metadata: {} }));
  });

  it("runs the function once for each event, all at the same time", async () => {
    expect(await notify([event("1"), event("2")], "pair")).toMatchObject({ status: 202 });
  });

  it("answers 500 with a fixed text when one of several fails, and runs the others", async () => {
    const before = world.said("On-event").length;
    const answer = await notify([event("1"), event("2", "fail"), event("3")]);
    expect(answer).toMatchObject({ status: 500, type: "text/plain; charset=utf-8" });
    expect(answer.body).toBe("Exception while executing function: Functions.On-event");
    expect(world.said("On-event")).toHaveLength(before + 3);
    expect(world.errors().join()).toContain("event boom");
  });

  it("runs nothing for an empty batch, and a function with an empty event", async () => {
    const before = world.said("On-event").length;
    expect(await notify([])).toMatchObject({ status: 202 });
    expect(world.said("On-event")).toHaveLength(before);
    expect(await notify({})).toMatchObject({ status: 202 });
    expect(world.said("On-event").at(-1)).toEqual({ event: {}, metadata: {} });
  });

  it.each(["null", '"text"', "[1]", "", "{"])("fails for the body %j", async (body) => {
    expect(await notify(body)).toMatchObject({ status: 500, body: "" });
  });
});
