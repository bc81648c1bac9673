import { beforeAll, describe, expect, it } from "vitest";
import { amid, refuses } from "../../proof/strikes/strike.ts";
import { HOUR, openApp } from "./app.ts";

/** OpenMetadata 1.2 masks the client secret, and counts up the user's version even when nothing changes. */
const app = openApp({ release: "1.2.0", settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
const rotate = (body: object = {}) => app().call("POST", "rotate", body);

beforeAll(async () => {
  for (const name of ["warehouse", "lake"]) app().cloud.openMetadata.addPipeline({ name, deployed: true });
  await app().settle();
  app().cloud.ingestion.start();
});

function everybodyHoldsTheCurrentOne(): void {
  const value = app().latest()?.value;
  const pinned = app()
    .cloud.openMetadata.pipelines()
    .map(({ pinned }) => pinned);
  expect(app().held()).toBe(value);
  for (const one of pinned) expect(one).toMatchObject({ config: { authConfig: { clientSecret: value } } });
  expect(app().latest()?.tags.deliveredOn).toBeDefined();
}

describe("three runs at once of a server that counts every write", () => {
  it("all end well, with nothing to rotate", async () => {
    const answers = await Promise.all([rotate(), rotate(), rotate()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    everybodyHoldsTheCurrentOne();
  });

  it("all end well when each pushes the same secret", async () => {
    await app().clock.advance(HOUR);
    // As a run leaves it that ends before it could note the delivery.
    const unnoted = refuses({ service: "key-vault", method: "PATCH", path: /ingestion-client-secret\// });
    await amid(app(), unnoted, () => rotate({ because: "leaver" }));
    expect(app().latest()?.tags.deliveredOn).toBeUndefined();
    const answers = await Promise.all([rotate(), rotate(), rotate()]);
    expect(answers.map(({ status, body }) => [status, body.waitingFor])).toEqual([
      [200, undefined],
      [200, undefined],
      [200, undefined],
    ]);
    everybodyHoldsTheCurrentOne();
    expect(app().cloud.ingestion.refusals()).toEqual([]);
  });
});
