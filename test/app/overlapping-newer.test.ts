import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { amid, holds, type Meant } from "../../proof/strikes/strike.ts";
import { DAY, MINUTE, openApp } from "./app.ts";
import { runTimer } from "./trouble.ts";

const TOKEN = "openmetadata-bot-token";
const SECRET = "openmetadata-server-client-secret";

const app = openApp({ release: "1.12.6", flow: "auth-code", settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
const post = (credential: string) => app().call("POST", "rotate", { credential, because: "leaver" });
const heldToken = () => {
  const mechanism = app().cloud.openMetadata.botMechanism("ingestion-bot");
  return mechanism?.authType === "JWT" ? mechanism.config.JWTToken : undefined;
};
const pinned = () =>
  app()
    .cloud.openMetadata.pipelines()
    .map(({ pinned }) => (pinned?.authType === "JWT" ? pinned.config.JWTToken : undefined));
const inEntra = () =>
  app()
    .cloud.directory.applications()
    .find(({ uniqueName }) => uniqueName === "openmetadata-server")?.secrets ?? [];

/** Vault, server and pipelines hold the same, noted as delivered; the two runs left at most two more in Entra. */
function expectOne(before: number): void {
  const token = app().latest(TOKEN);
  expect([token?.value, ...pinned()]).toEqual([heldToken(), heldToken(), heldToken()]);
  expect(token?.tags.deliveredOn).toBeDefined();
  const secret = app().latest(SECRET);
  expect(app().cloud.openMetadata.clientSecret()).toBe(secret?.value);
  expect(inEntra().find(({ keyId }) => keyId === secret?.tags.keyId)?.value).toBe(secret?.value);
  expect(secret?.tags.deliveredOn).toBeDefined();
  expect(inEntra().length - before).toBeLessThanOrEqual(2);
}

beforeAll(async () => {
  for (const name of ["warehouse", "lake"]) app().cloud.openMetadata.addPipeline({ name, deployed: true });
  for (const path of ["provision", "consent", "rotate"]) await app().post(path);
  app().cloud.people.start();
});
/** A steady state in which nothing but the current secret is left. */
beforeEach(async () => {
  for (let runs = 0; runs < 3; runs += 1) {
    await app().clock.advance(2 * DAY);
    await runTimer(app());
  }
  for (const { keyId } of inEntra()) {
    if (keyId !== app().latest(SECRET)?.tags.keyId) app().cloud.directory.removePasswordByHand(keyId);
  }
});

describe.each([TOKEN, SECRET].map((name) => name.replace("openmetadata-", "")))(
  "two runs about the %s",
  (credential) => {
    it("by two pipelines at once: both are answered, and what is held is one", async () => {
      const before = inEntra().length;
      const answers = await Promise.all([post(credential), post(credential)]);
      for (const { status } of answers) expect([200, 202]).toContain(status);
      expect(await runTimer(app())).toBe(true);
      expectOne(before);
      expect(app().cloud.people.refusals()).toEqual([]);
    });

    it("by the timer and a pipeline at once", async () => {
      const before = inEntra().length;
      await Promise.all([runTimer(app()), post(credential), runTimer(app())]);
      expect(await runTimer(app())).toBe(true);
      expectOne(before);
      expect(app().cloud.people.refusals()).toEqual([]);
    });
  },
);

describe.each<[where: string, credential: string, held: Meant]>([
  ["a token is issued", "bot-token", { service: "openmetadata", path: /generateToken/ }],
  ["a token is stored", "bot-token", { service: "key-vault", method: "PUT", path: /bot-token$/ }],
  ["a token is read to be stored", "bot-token", { service: "openmetadata", path: /auth-mechanism/, skip: 3 }],
  ["pipelines are deployed", "bot-token", { service: "openmetadata", path: /bulk\/deploy/ }],
  ["a secret is issued", "server-client-secret", { service: "graph", path: /addPassword/ }],
  ["a secret is promoted", "server-client-secret", { service: "key-vault", method: "PUT", path: /client-secret$/ }],
  ["the server is read", "server-client-secret", { service: "openmetadata", method: "GET", path: /security\/config/ }],
  ["a secret is given to the server", "server-client-secret", { service: "openmetadata", method: "PATCH" }],
])("a run that is held up when %s", (_, credential, where) => {
  it("while another one goes all its way: what is held is one, and signs in", async () => {
    const before = inEntra().length;
    const { fault, reached, release } = holds(where);
    await amid(app(), fault, async () => {
      const slow = post(credential);
      await reached;
      await app().clock.advance(MINUTE);
      await post(credential);
      release();
      await slow;
    });
    await app().clock.advance(3 * MINUTE);
    expect(await runTimer(app())).toBe(true);
    expectOne(before);
    expect(app().cloud.people.refusals()).toEqual([]);
  });
});
