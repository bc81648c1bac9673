import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, movableClock } from "../../local/clock.ts";
import { createEventGrid, type EventGrid } from "../../local/cloud/event-grid/create-event-grid.ts";
import type { SubscriptionOptions } from "../../local/cloud/event-grid/subscription.ts";
import type { Exchange, Wire } from "../../local/cloud/exchange.ts";
import type { KeyVaultEvent } from "../../local/cloud/key-vault/event.ts";

const START = new Date("2026-03-01T12:00:00Z");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TOPIC = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/sample";
const KEY = "system-key";
const FUNCTION = "push-client-secret";

/** A request that the webhook let through to the function, or a handshake. */
interface Received {
  at: number;
  type: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}

let clock: Clock;
let wire: Wire;
let exchanges: Exchange[];
let grid: EventGrid;
let host: Server;
let endpoint: string;
let received: Received[];
/** The function: returns the status of the webhook's answer, or breaks the connection. */
let handle: (delivery: Received) => Promise<number | "cut"> | number | "cut";

beforeEach(async () => {
  clock = movableClock(START);
  exchanges = [];
  received = [];
  handle = () => 202;
  wire = { faults: [], onExchange: [(exchange) => exchanges.push(exchange)] };
  grid = createEventGrid({ clock, wire, vaultTopic: TOPIC });
  host = functionsHost();
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  endpoint = webhook();
});

afterEach(async () => {
  clock.stop();
  await closeHost();
});

/** The Event Grid webhook of a Functions host with one function. */
function functionsHost(): Server {
  return createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const answer = (status: number, body = "", headers: Record<string, string> = {}) =>
      response.writeHead(status, headers).end(body);
    if (request.url === "/") return answer(200, "welcome");
    const query = new URL(request.url ?? "", "http://host").searchParams;
    if (query.get("code") !== KEY) return answer(401, "", { "www-authenticate": "Bearer" });
    const name = query.get("functionName");
    if (name !== FUNCTION) return answer(404, `cannot find function: '${name}'`);
    if (request.method === "OPTIONS") return answer(200, "", { "webhook-allowed-origin": "eventgrid.azure.net" });
    const type = request.headers["aeg-event-type"]?.toString();
    const delivery = { at: sinceStart(), type, headers: request.headers, body: JSON.parse(text) };
    received.push(delivery);
    if (type === "SubscriptionValidation") {
      const validationResponse = delivery.body[0].data.validationCode;
      return answer(200, JSON.stringify({ validationResponse }), { "content-type": "text/plain; charset=utf-8" });
    }
    if (type !== "Notification") return answer(400);
    const status = await handle(delivery);
    if (status === "cut") return request.socket.destroy();
    const failure = `Exception while executing function: Functions.${FUNCTION}`;
    return answer(status, status === 500 ? failure : "", status === 302 ? { location: "/" } : {});
  });
}

function webhook(query = `functionName=${FUNCTION}&code=${KEY}`): string {
  const { port } = host.address() as AddressInfo;
  return `http://127.0.0.1:${port}/runtime/webhooks/EventGrid?${query}`;
}

function closeHost(): Promise<void> {
  host.closeAllConnections();
  return new Promise((resolve) => host.close(() => resolve()));
}

function sinceStart(): number {
  return clock.now().getTime() - START.getTime();
}

async function subscribe(options: Partial<SubscriptionOptions> = {}): Promise<void> {
  const eventTypes = ["Microsoft.KeyVault.SecretNewVersionCreated"];
  await grid.subscribe({ name: "new-version", endpoint, eventTypes, schema: "EventGridSchema", ...options });
  received = [];
  exchanges.length = 0;
}

function event(subject = "a-secret", overrides: Partial<KeyVaultEvent> = {}): KeyVaultEvent {
  const version = "0123456789abcdef0123456789abcdef";
  return {
    id: `event-${subject}`,
    eventType: "Microsoft.KeyVault.SecretNewVersionCreated",
    subject,
    eventTime: "2026-03-01T12:00:00.0000000Z",
    data: {
      Id: `https://sample.vault.localhost:4124/secrets/${subject}/${version}`,
      VaultName: "sample",
      ObjectType: "Secret",
      ObjectName: subject,
      Version: version,
      NBF: null,
      EXP: 1780272000,
    },
    ...overrides,
  };
}

const times = (): number[] => received.map(({ at }) => at);
const subjects = (): unknown[] => received.map(({ body }) => (body as { subject: string }[])[0]?.subject);
const outcomes = (): string[] => grid.deliveries().map(({ outcome }) => outcome);

describe("subscribing", () => {
  it("shakes hands by a validation event, whose code the endpoint gives back", async () => {
    await grid.subscribe({ name: "new-version", endpoint, eventTypes: ["any"], schema: "EventGridSchema" });
    expect(received).toHaveLength(1);
    expect(received[0]?.headers).toMatchObject({
      "aeg-event-type": "SubscriptionValidation",
      "aeg-subscription-name": "NEW-VERSION",
      "content-type": "application/json; charset=utf-8",
    });
    expect(received[0]?.body).toEqual([
      {
        id: expect.any(String),
        topic: TOPIC,
        subject: "",
        data: { validationCode: expect.any(String) },
        eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
        eventTime: "2026-03-01T12:00:00.0000000Z",
        metadataVersion: "1",
        dataVersion: "1",
      },
    ]);
    expect(exchanges).toMatchObject([{ service: "event-grid", method: "POST", status: 200 }]);
    expect(exchanges[0]?.path).toBe(`/runtime/webhooks/EventGrid?functionName=${FUNCTION}&code=${KEY}`);
  });

  it("shakes hands by OPTIONS for CloudEvents", async () => {
    await grid.subscribe({ name: "new-version", endpoint, eventTypes: ["any"], schema: "CloudEventSchemaV1_0" });
    expect(received).toEqual([]);
    expect(exchanges).toMatchObject([{ service: "event-grid", method: "OPTIONS", status: 200, body: "" }]);
    expect(exchanges[0]?.headers.get("webhook-request-origin")).toBe("eventgrid.azure.net");
  });

  it.each(["EventGridSchema", "CloudEventSchemaV1_0"] as const)(
    "is refused when the handshake fails: %s",
    async (schema) => {
      const attempt = (address: string) =>
        grid.subscribe({ name: "new-version", endpoint: address, eventTypes: ["any"], schema });
      await expect(attempt(webhook(`functionName=${FUNCTION}&code=wrong`))).rejects.toThrow("it answered 401");
      await expect(attempt(webhook(`functionName=other&code=${KEY}`))).rejects.toThrow("it answered 404");
      await closeHost();
      await expect(attempt(endpoint)).rejects.toThrow("no answer (SocketError)");
      await expect(attempt(endpoint)).rejects.not.toThrow(KEY);
      grid.publish(event());
      await clock.advance(HOUR);
      expect(received).toEqual([]);
    },
  );

  it("is refused when the endpoint answers, but not with the code", async () => {
    const answers = [Response.json({ validationResponse: "another" }), new Response(null, { status: 202 })];
    for (const response of answers) {
      wire.faults = [() => ({ kind: "answer", response: () => response })];
      await expect(subscribe()).rejects.toThrow(`it answered ${response.status}`);
    }
    wire.faults = [() => ({ kind: "after", response: ({ body }) => new Response(body, { status: 202 }) })];
    await expect(subscribe()).rejects.toThrow("it answered 202");
    wire.faults = [() => ({ kind: "answer", response: () => new Response(null, { status: 200 }) })];
    await expect(subscribe({ schema: "CloudEventSchemaV1_0" })).rejects.toThrow("it answered 200");
  });

  it("is refused with a setting that Azure does not take", async () => {
    await expect(subscribe({ name: "a_b" })).rejects.toThrow("its name must be");
    await expect(subscribe({ eventTypes: [] })).rejects.toThrow("it names no event type");
    await expect(subscribe({ endpoint: "nowhere" })).rejects.toThrow("its endpoint is not a URL");
    await expect(subscribe({ maxDeliveryAttempts: 31 })).rejects.toThrow("maxDeliveryAttempts must be 1 to 30");
    await expect(subscribe({ timeToLiveMinutes: 1441 })).rejects.toThrow("timeToLiveMinutes must be 1 to 1440");
  });
});

describe("what is delivered", () => {
  it("sends an array with one event, in the Event Grid schema", async () => {
    await subscribe();
    grid.publish(event());
    await clock.advance(SECOND);
    const { id, subject, eventType, eventTime, data } = event();
    expect(received[0]?.body).toEqual([
      { id, topic: TOPIC, subject, eventType, eventTime, data, dataVersion: "1", metadataVersion: "1" },
    ]);
    expect(received[0]?.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "aeg-event-type": "Notification",
      "aeg-subscription-name": "NEW-VERSION",
      "aeg-delivery-count": "0",
      "aeg-data-version": "1",
      "aeg-metadata-version": "1",
    });
    expect(received[0]?.headers["content-length"]).toBeDefined();
    expect(exchanges).toMatchObject([{ service: "event-grid", method: "POST", status: 202 }]);
  });

  it("sends a single CloudEvent, in that schema", async () => {
    await subscribe({ schema: "CloudEventSchemaV1_0" });
    grid.publish(event());
    await clock.advance(SECOND);
    const { id, subject, eventType: type, eventTime: time, data } = event();
    expect(received[0]?.body).toEqual({ id, source: TOPIC, subject, type, time, data, specversion: "1.0" });
    expect(received[0]?.headers["content-type"]).toBe("application/cloudevents+json; charset=utf-8");
    expect(received[0]?.headers["aeg-event-type"]).toBe("Notification");
    expect(received[0]?.headers).not.toHaveProperty("aeg-data-version");
    expect(received[0]?.headers).not.toHaveProperty("aeg-metadata-version");
  });

  it("chooses by event type and by how the subject begins, whatever its case", async () => {
    await subscribe({ subjectBeginsWith: "OpenMetadata-" });
    grid.publish(event("openmetadata-bot-token"));
    grid.publish(event("another-openmetadata-secret"));
    grid.publish(event("openmetadata-old", { eventType: "Microsoft.KeyVault.SecretNearExpiry" }));
    await clock.advance(HOUR);
    expect(subjects()).toEqual(["openmetadata-bot-token"]);
  });

  it("delivers no event from before the subscription", async () => {
    grid.publish(event("before"));
    await subscribe();
    grid.publish(event("after"));
    await clock.advance(HOUR);
    expect(subjects()).toEqual(["after"]);
  });

  it("delivers to each subscription; one made again under its name takes the place of the old one", async () => {
    await subscribe();
    await subscribe({ name: "second" });
    await subscribe({ name: "New-Version", subjectBeginsWith: "other" });
    grid.publish(event());
    await clock.advance(HOUR);
    expect(received.map(({ headers }) => headers["aeg-subscription-name"])).toEqual(["SECOND"]);
  });

  it("delivers a second after publishing, in that order", async () => {
    await subscribe();
    grid.publish(event("one"));
    grid.publish(event("two"));
    await clock.advance(SECOND - 1);
    expect(received).toEqual([]);
    await clock.advance(1);
    expect(subjects()).toEqual(["one", "two"]);
    expect(outcomes()).toEqual(["Delivered", "Delivered"]);
  });
});

describe("retries", () => {
  const PAUSES = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR];

  it("come exactly on schedule, until the time to live has passed when the next one is due", async () => {
    handle = () => 500;
    await subscribe();
    grid.publish(event());
    await clock.advance(72 * HOUR);
    const expected = [SECOND];
    for (const pause of [...PAUSES, 12 * HOUR]) expected.push((expected.at(-1) ?? 0) + pause);
    expect(times()).toEqual(expected);
    expect(received.map(({ headers }) => headers["aeg-delivery-count"])).toEqual(
      expected.map((_, index) => `${index}`),
    );
    expect(grid.dropped()).toEqual([
      {
        subscription: "new-version",
        event: event(),
        deadLetterReason: "TimeToLiveExceeded",
        deliveryAttempts: 11,
        lastDeliveryOutcome: "GenericError",
        publishTime: START,
        lastDeliveryAttemptTime: new Date(START.getTime() + (expected.at(-1) ?? 0)),
      },
    ]);
  });

  it("end when the function succeeds", async () => {
    handle = () => (received.length < 3 ? 500 : 202);
    await subscribe();
    grid.publish(event());
    await clock.advance(72 * HOUR);
    expect(times()).toEqual([SECOND, 11 * SECOND, 41 * SECOND]);
    expect(grid.deliveries().map(({ attempt, status, outcome }) => [attempt, status, outcome])).toEqual([
      [1, 500, "GenericError"],
      [2, 500, "GenericError"],
      [3, 202, "Delivered"],
    ]);
    expect(grid.dropped()).toEqual([]);
  });

  it("end after the attempts that the subscription allows", async () => {
    handle = () => 503;
    await subscribe({ maxDeliveryAttempts: 3 });
    grid.publish(event());
    await clock.advance(72 * HOUR);
    expect(times()).toEqual([SECOND, 11 * SECOND, 41 * SECOND]);
    expect(grid.dropped()).toMatchObject([
      { deadLetterReason: "MaxDeliveryAttemptsExceeded", deliveryAttempts: 3, lastDeliveryOutcome: "Busy" },
    ]);
  });

  it("end with a shorter time to live", async () => {
    handle = () => 500;
    await subscribe({ timeToLiveMinutes: 1 });
    grid.publish(event());
    await clock.advance(72 * HOUR);
    expect(times()).toEqual([SECOND, 11 * SECOND, 41 * SECOND]);
    expect(grid.dropped()).toMatchObject([{ deadLetterReason: "TimeToLiveExceeded", deliveryAttempts: 3 }]);
  });

  it.each([
    [400, "BadRequest", "UndeliverableDueToHttpBadRequest"],
    [403, "Forbidden", "UndeliverableDueToHttpForbidden"],
    [413, "PayloadTooLarge", "UndeliverableDueToHttpPayloadTooLarge"],
  ])("do not follow a %i", async (status, lastDeliveryOutcome, deadLetterReason) => {
    handle = () => status;
    await subscribe();
    grid.publish(event());
    await clock.advance(72 * HOUR);
    expect(times()).toEqual([SECOND]);
    expect(grid.dropped()).toMatchObject([{ deadLetterReason, deliveryAttempts: 1, lastDeliveryOutcome }]);
  });

  it.each([401, 404, 408, 429, 302, 205])("follow a %i", async (status) => {
    handle = () => (received.length === 1 ? status : 200);
    await subscribe();
    grid.publish(event());
    await clock.advance(MINUTE);
    expect(times()).toEqual([SECOND, 11 * SECOND]);
  });

  it("follow a refused connection, and succeed when the host is back", async () => {
    await subscribe();
    const { port } = host.address() as AddressInfo;
    await closeHost();
    grid.publish(event());
    await clock.advance(20 * SECOND);
    expect(outcomes()).toEqual(["SocketError", "SocketError"]);
    expect(exchanges.map(({ status }) => status)).toEqual([500, 500]);
    expect(exchanges[0]?.answerHeaders.get("x-injected-fault")).toBe("1");
    host = functionsHost();
    await new Promise<void>((resolve) => host.listen(port, "127.0.0.1", resolve));
    await clock.advance(MINUTE);
    expect(times()).toEqual([41 * SECOND]);
    expect(outcomes().at(-1)).toBe("Delivered");
  });

  it("follow a connection that breaks", async () => {
    handle = () => (received.length === 1 ? "cut" : 202);
    await subscribe();
    grid.publish(event());
    await clock.advance(MINUTE);
    expect(outcomes()).toEqual(["SocketError", "Delivered"]);
  });

  it("come while the function is still at work, if it takes more than 30 seconds", async () => {
    const ended: number[] = [];
    handle = async () => {
      if (received.length === 1) await clock.advance(50 * SECOND);
      ended.push(sinceStart());
      return 202;
    };
    await subscribe();
    grid.publish(event());
    await clock.advance(2 * MINUTE);
    expect(times()).toEqual([SECOND, 41 * SECOND]);
    expect(ended).toEqual([41 * SECOND, 51 * SECOND]);
    expect(
      grid.deliveries().map(({ on, status, outcome }) => [on.getTime() - START.getTime(), status, outcome]),
    ).toEqual([
      [SECOND, undefined, "TimedOut"],
      [41 * SECOND, 202, "Delivered"],
    ]);
  });

  it("do not come when the function answers in its thirtieth second", async () => {
    handle = async () => {
      await clock.advance(30 * SECOND - 1);
      return 202;
    };
    await subscribe();
    grid.publish(event());
    await clock.advance(HOUR);
    expect(times()).toEqual([SECOND]);
    expect(outcomes()).toEqual(["Delivered"]);
  });

  it("are of one event only: others are not held up", async () => {
    handle = ({ body }) => ((body as KeyVaultEvent[])[0]?.subject === "bad" && sinceStart() < 20 * SECOND ? 500 : 202);
    await subscribe();
    grid.publish(event("bad"));
    grid.publish(event("good"));
    await clock.advance(MINUTE);
    expect(subjects()).toEqual(["bad", "good", "bad", "bad"]);
  });
});

describe("misbehaviour within the guarantees", () => {
  it("delivers an event twice, even at the same time, and retries each copy by itself", async () => {
    const both = Promise.withResolvers<void>();
    let calls = 0;
    handle = async () => {
      calls += 1;
      const status = calls === 2 ? 500 : 202;
      // The first is answered only when the second is there: delivered one after the other they would wait for ever.
      if (calls === 2) both.resolve();
      await both.promise;
      return status;
    };
    await subscribe();
    grid.faults.shape = () => [SECOND, SECOND, 5 * SECOND];
    grid.publish(event());
    await clock.advance(HOUR);
    expect(times()).toEqual([SECOND, SECOND, 5 * SECOND, 11 * SECOND]);
    expect(new Set(received.map(({ body }) => (body as KeyVaultEvent[])[0]?.id)).size).toBe(1);
  });

  it("lets a later event overtake, and loses one without a trace", async () => {
    await subscribe();
    grid.faults.shape = ({ subject }) => ({ slow: [2 * HOUR], lost: [] as number[] })[subject] ?? [SECOND];
    for (const subject of ["slow", "lost", "fast"]) grid.publish(event(subject));
    await clock.advance(72 * HOUR);
    expect(subjects()).toEqual(["fast", "slow"]);
    expect(grid.dropped()).toEqual([]);
    expect(grid.deliveries()).toHaveLength(2);
  });

  it("takes faults on the wire: an answer that is lost after the work was done", async () => {
    await subscribe();
    let lost = 0;
    wire.faults = [({ service }) => (service === "event-grid" && lost++ === 0 ? { kind: "lose" } : undefined)];
    grid.publish(event());
    await clock.advance(HOUR);
    expect(times()).toEqual([SECOND, 11 * SECOND]);
    expect(outcomes()).toEqual(["SocketError", "Delivered"]);
  });
});
