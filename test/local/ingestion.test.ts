import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createIngestion, type Ingestion } from "../../local/cloud/ingestion/create-ingestion.ts";
import { DAY, MINUTE, openWorld, type World } from "./openmetadata-world.ts";

let world: World;
let ingestion: Ingestion;
beforeEach(async () => {
  world = await openWorld();
  const { clock, openMetadata, url } = world;
  world.openMetadata.createEntraUser(world.tenant.client.objectId);
  ingestion = createIngestion({ clock, openMetadata, openMetadataUrl: url });
});
afterEach(async () => {
  ingestion.stop();
  await world.close();
});

/** The push as an administrator makes it; pipelines that are not named go on with what they have. */
const push = async (secret: string, redeployed: string[] = []) => {
  const user = { name: "ingestion-bot", email: "ingestion-bot@example.com", isBot: true, botName: "ingestion-bot" };
  await world.call("PUT /v1/users", { body: { ...user, authenticationMechanism: world.azureSso(secret) } });
  for (const { id, name } of world.openMetadata.pipelines()) {
    if (redeployed.includes(name)) await world.call(`POST /v1/services/ingestionPipelines/deploy/${id}`);
  }
};
const refused = () => ingestion.refusals().map(({ pipeline, reason }) => `${pipeline}: ${reason}`);

describe("ingestion", () => {
  it("signs in every half hour for each deployed pipeline and once outside, with the bot's first token too", async () => {
    world.openMetadata.addPipeline({ name: "orders", deployed: true });
    world.openMetadata.addPipeline({ name: "sales", deployed: false });
    ingestion.start();
    await world.clock.advance(30 * MINUTE - 1);
    expect(ingestion.signIns()).toBe(0);
    await world.clock.advance(1);
    expect(ingestion.signIns()).toBe(2);
    await world.clock.advance(DAY);
    expect(ingestion.signIns()).toBe(2 + 48 * 2);
    expect(refused()).toEqual([]);
    expect(world.tenant.counts.tokens).toBe(0);
  });

  it("gets a token from the tenant when it was handed a client secret", async () => {
    world.openMetadata.addPipeline({ name: "orders", deployed: true });
    await push("first-secret", ["orders"]);
    ingestion.start();
    await world.clock.advance(DAY);
    expect(refused()).toEqual([]);
    expect(world.tenant.counts.tokens).toBe(ingestion.signIns());
  });

  it("goes on with the pinned secret until redeployed, while the runner outside reads the new one at once", async () => {
    world.openMetadata.addPipeline({ name: "orders", deployed: true });
    await push("first-secret", ["orders"]);
    world.tenant.client.secret = "second-secret";
    await push("second-secret");
    ingestion.start();
    await world.clock.advance(30 * MINUTE);
    expect(refused()).toEqual(["orders: token endpoint answered 401: AADSTS7000215: Invalid client secret provided."]);
    expect(ingestion.refusals()[0]?.on).toEqual(new Date("2026-03-01T00:30:00Z"));
    await push("second-secret", ["orders"]);
    await world.clock.advance(DAY);
    expect(refused()).toHaveLength(1);
  });

  it("goes through a run with what the run began with, whatever is deployed meanwhile", async () => {
    world.openMetadata.addPipeline({ name: "orders", deployed: true });
    await push("first-secret", ["orders"]);
    world.openMetadata.startRun("orders");
    world.tenant.client.secret = "second-secret";
    await push("second-secret", ["orders"]);
    ingestion.start();
    await world.clock.advance(30 * MINUTE);
    expect(refused()).toEqual([expect.stringMatching(/^orders: .*AADSTS7000215/)]);
    world.openMetadata.endRun("orders", "failed");
    await world.clock.advance(DAY);
    expect(refused()).toHaveLength(1);
  });

  it("is refused with a pinned token that is not the bot's any more", async () => {
    world.openMetadata.addPipeline({ name: "orders", deployed: true });
    const id = world.openMetadata.users().find(({ name }) => name === "ingestion-bot")?.id;
    await world.call(`PUT /v1/users/generateToken/${id}`, { body: { JWTTokenExpiry: "Unlimited" } });
    ingestion.start();
    await world.clock.advance(30 * MINUTE);
    expect(refused()).toEqual([expect.stringMatching(/^orders: OpenMetadata answered 401: .*Invalid Token/)]);
  });

  it("notes what OpenMetadata refuses to a token that the tenant gave", async () => {
    await push("first-secret");
    world.tenant.client.objectId = "a-stranger";
    ingestion.start();
    await world.clock.advance(30 * MINUTE);
    expect(refused()).toEqual(["external: OpenMetadata answered 404: user instance for a-stranger not found"]);
  });

  it("tries once and notes a broken connection, a failing server and a page that is no answer", async () => {
    let effect: "refuse" | "500" | "html" = "refuse";
    let requests = 0;
    world.faults.push(({ path, headers: sent }) => {
      if (sent.get("user-agent") !== "openmetadata-ingestion") return undefined;
      if (!path.endsWith("/loggedInUser")) return undefined;
      requests += 1;
      if (effect === "refuse") return { kind: "refuse" };
      const status = effect === "500" ? 500 : 200;
      const headers = { "x-injected-fault": "1" };
      return { kind: "answer", response: () => new Response("<html></html>", { status, headers }) };
    });
    ingestion.start();
    for (effect of ["refuse", "500", "html"] as const) await world.clock.advance(30 * MINUTE);
    expect(refused()).toEqual([
      "external: socket hang up",
      "external: OpenMetadata answered 500: no message",
      "external: OpenMetadata answered 200 without a user",
    ]);
    expect(requests).toBe(3);
    world.faults.length = 0;
    await world.clock.advance(DAY);
    expect(refused()).toHaveLength(3);
  });

  it("never tells a secret", async () => {
    await push("wrong-secret");
    ingestion.start();
    await world.clock.advance(DAY);
    expect(ingestion.refusals()).toHaveLength(48);
    expect(JSON.stringify(ingestion.refusals())).not.toContain("wrong-secret");
  });

  it("stops, and starts again without signing in twice as often", async () => {
    ingestion.start();
    ingestion.start();
    await world.clock.advance(DAY);
    ingestion.stop();
    await world.clock.advance(DAY);
    expect(ingestion.signIns()).toBe(48);
    ingestion.start();
    await world.clock.advance(DAY);
    expect(ingestion.signIns()).toBe(96);
  });
});
