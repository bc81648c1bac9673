import { expect, it } from "vitest";
import { openApp } from "./app.ts";

const app = openApp();

it("a pipeline goes from nothing to a delivered secret though Graph's reads lag by twenty seconds", async () => {
  app().cloud.directory.replication = { objects: 5_000, secrets: 30_000, reads: 20_000 };
  for (const path of ["provision", "consent", "rotate"]) await app().post(path);
  expect(app().held()).toBe(app().latest()?.value);
});

it("what was never provisioned is said to be missing after half a minute", async () => {
  const before = app().clock.now().getTime();
  app().cloud.directory.deleteApplication("openmetadata-ingestion");
  await app().clock.advance(60_000);
  for (const path of ["consent", "rotate"]) {
    const { status, body } = await app().call("POST", path, {});
    expect(status).toBe(409);
    expect(body.hint).toContain("POST /api/provision");
  }
  expect(app().clock.now().getTime() - before).toBeLessThan(150_000);
});
