import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { EVENT_BUDGET, UNIT_BUDGET } from "../../shared/limits.ts";

type Registered = { kind: string; how: Record<string, unknown> & { handler(...given: unknown[]): Promise<unknown> } };

/** What the entries registered. */
const scene = vi.hoisted(() => {
  process.env.ROTATION_SCHEDULE = "0 30 4 * * *";
  delete process.env.API_AUDIENCE;
  return { registered: new Map<string, Registered>() };
});
vi.mock("@azure/functions", () => {
  const as = (kind: string) => (name: string, how: Registered["how"]) => void scene.registered.set(name, { kind, how });
  const app = { http: as("http"), timer: as("timer"), eventGrid: as("event"), storageQueue: as("queue") };
  return { app, default: {} };
});
/** Stands for a handler: answers its name, and what it was given. */
const stand = vi.hoisted(() => (name: string) => ({ [name]: async (...given: unknown[]) => [name, ...given] }));
vi.mock("../../shared/handlers/delete-default-admin.ts", () => stand("deleteDefaultAdmin"));
vi.mock("../../shared/handlers/describe-api.ts", () => stand("describeApi"));
vi.mock("../../shared/handlers/grant-admin-consent.ts", () => stand("grantAdminConsent"));
vi.mock("../../shared/handlers/guarded-page.ts", () => stand("guardedPage"));
vi.mock("../../shared/handlers/provision-registrations.ts", () => stand("provisionRegistrations"));
vi.mock("../../shared/handlers/push-by-event.ts", () => stand("pushByEvent"));
vi.mock("../../shared/handlers/rotate-by-event.ts", () => stand("rotateByEvent"));
vi.mock("../../shared/handlers/rotate-client-secret.ts", () => stand("rotateClientSecret"));
vi.mock("../../shared/handlers/rotate-credential.ts", () => stand("rotateCredential"));
vi.mock("../../shared/handlers/rotate-on-schedule.ts", () => stand("rotateOnSchedule"));
vi.mock("../../shared/handlers/send-notification.ts", () => stand("sendNotification"));
vi.mock("../../shared/handlers/show-configuration.ts", () => stand("showConfiguration"));
vi.mock("../../shared/handlers/show-status.ts", () => stand("showStatus"));

const entries = readdirSync(new URL("../../functions/", import.meta.url)).map((file) => file.replace(/\.ts$/, ""));
const found = (name: string): Registered => {
  const one = scene.registered.get(name);
  if (!one) throw new Error(`${name} is not registered`);
  return one;
};
const get = (route: string) => ({ kind: "http", methods: ["GET"], route });
const post = (route: string) => ({ kind: "http", methods: ["POST"], route });
const from = (queueName: string) => ({ kind: "queue", queueName, connection: "AzureWebJobsStorage" });

const TABLE: [name: string, how: { kind: string; schedule?: string }, handler: string, more?: unknown][] = [
  ["delete-default-admin", post("harden"), "deleteDefaultAdmin"],
  ["describe-api", get("openapi.json"), "describeApi"],
  ["grant-admin-consent", post("consent"), "grantAdminConsent"],
  ["provision-registrations", post("provision"), "provisionRegistrations"],
  ["push-client-secret", { kind: "event" }, "pushByEvent", EVENT_BUDGET],
  ["push-client-secret-queued", from("secret-new-version"), "pushByEvent", UNIT_BUDGET],
  ["rotate-client-secret", post("rotate"), "rotateClientSecret"],
  ["rotate-credential", from("rotate-credential"), "rotateCredential"],
  ["rotate-on-near-expiry", { kind: "event" }, "rotateByEvent", EVENT_BUDGET],
  ["rotate-on-near-expiry-queued", from("secret-near-expiry"), "rotateByEvent", UNIT_BUDGET],
  ["rotate-on-schedule", { kind: "timer", schedule: "%ROTATION_SCHEDULE%" }, "rotateOnSchedule"],
  ["send-notification", from("send-notification"), "sendNotification"],
  ["show-configuration", get("configuration"), "showConfiguration"],
  ["show-page", get("page"), "guardedPage"],
  ["show-status", get("status"), "showStatus"],
];

beforeAll(async () => {
  for (const name of entries) await import(`../../functions/${name}.ts`);
});

it("every file registers one function, by its own name", () => {
  expect([...scene.registered.keys()].toSorted()).toEqual(entries.toSorted());
  expect(TABLE.map(([name]) => name)).toEqual(entries.toSorted());
});

describe("a function", () => {
  it.each(TABLE)("%s is bound to %j", (name, bound) => {
    const { kind, how } = found(name);
    const { handler: _, authLevel, ...binding } = how;
    expect({ kind, ...binding }).toEqual(bound);
    // Without an API to hold tokens for, function keys guard; nothing is open to everybody.
    expect(authLevel).toBe(kind === "http" ? "function" : undefined);
  });

  it.each(TABLE)("%s does %s's work", async (name, _, handler, ...more) => {
    const answer = await found(name).how.handler("given", "context");
    expect(answer).toEqual([handler, "given", "context", ...more]);
  });
});
