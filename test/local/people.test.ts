import { afterEach, describe, expect, it } from "vitest";
import type { CloudOptions } from "../../local/cloud/cloud.ts";
import { MINUTE, openServer, SECRET, type ServerWorld } from "./openmetadata-security-world.ts";

const HOUR = 60 * MINUTE;

let world: ServerWorld;
afterEach(() => world.close());
const open = async (options: Partial<CloudOptions> = {}) => {
  world = await openServer(options);
  world.people.start();
  return world;
};
const refused = () => world.people.refusals().map(({ reason }) => reason);

describe("people", () => {
  it("sign in every hour with the secret that the server holds at that moment", async () => {
    const { clock, people, directory, first, addSecret, patch, replace } = await open();
    await clock.advance(HOUR - 1);
    expect(people.signIns()).toBe(0);
    await clock.advance(1);
    expect([people.signIns(), refused()]).toEqual([1, []]);
    expect((await patch(replace(SECRET, addSecret().value))).status).toBe(204);
    directory.removePasswordByHand(first.keyId);
    await clock.advance(24 * HOUR);
    expect([people.signIns(), refused()]).toEqual([25, []]);
  });

  it("are shut out as soon as the server's secret is gone from Entra, and until it holds another", async () => {
    const { clock, people, directory, first, addSecret, patch, replace } = await open();
    directory.removePasswordByHand(first.keyId);
    await clock.advance(HOUR);
    expect(refused()).toEqual([expect.stringMatching(/^token endpoint answered 401: AADSTS7000215/)]);
    expect(people.refusals()[0]?.on).toEqual(new Date("2026-03-01T01:00:00Z"));
    expect(refused().join()).not.toContain(first.value);
    await patch(replace(SECRET, addSecret().value));
    await clock.advance(HOUR);
    expect(refused()).toHaveLength(1);
  });

  it("go on after a new secret in the environment only when the server has started with it", async () => {
    const { clock, openMetadata, directory, first, addSecret } = await open({ release: "1.9.17" });
    openMetadata.setEnvironment({ OIDC_CLIENT_SECRET: addSecret().value });
    directory.removePasswordByHand(first.keyId);
    await clock.advance(HOUR);
    expect(refused()).toHaveLength(1);
    openMetadata.restart();
    await clock.advance(HOUR);
    expect(refused()).toHaveLength(1);
  });

  it("are shut out by a build that spoils its secret when a person reads it, until it starts anew", async () => {
    const { clock, openMetadata, call, personToken } = await open();
    openMetadata.options.readingSpoilsSecret = true;
    await call("GET /v1/system/security/config");
    await clock.advance(HOUR);
    expect(refused()).toEqual([]);
    await call("GET /v1/system/security/config", { token: await personToken("admin") });
    await clock.advance(HOUR);
    expect(refused()).toHaveLength(1);
    openMetadata.restart();
    await clock.advance(HOUR);
    expect(refused()).toHaveLength(1);
  });

  it("are refused by an Entra that does not answer, once, without a second try", async () => {
    const { clock, wire } = await open();
    let requests = 0;
    wire.faults.push(({ service, headers }) => {
      if (service !== "entra" || headers.get("user-agent") !== "openmetadata-server") return undefined;
      requests += 1;
      return { kind: "refuse" };
    });
    await clock.advance(HOUR);
    expect([requests, refused()]).toEqual([1, [expect.stringMatching(/hang up|ECONNRESET/)]]);
  });

  it("are not counted where the server has no secret", async () => {
    const { clock, people } = await open({ flow: "implicit" });
    await clock.advance(5 * HOUR);
    expect([people.signIns(), refused()]).toEqual([0, []]);
  });

  it("stop", async () => {
    const { clock, people } = await open();
    people.stop();
    await clock.advance(5 * HOUR);
    expect(people.signIns()).toBe(0);
  });
});
