import { beforeEach, describe, expect, it } from "vitest";
import { MINUTE, openApp } from "./app.ts";

const app = openApp();
let beganOn = 0;
const passed = () => app().clock.now().getTime() - beganOn;
beforeEach(() => {
  beganOn = app().clock.now().getTime();
});

const CALLS: [path: string, body: object][] = [
  ["consent", {}],
  ["consent", { dryRun: true }],
  ["rotate", {}],
  ["rotate", { dryRun: true }],
];

async function expectMissing([path, body]: (typeof CALLS)[number]): Promise<void> {
  const answer = await app().call("POST", path, body);
  expect(answer).toMatchObject({ status: 409, body: { code: "registration-missing" } });
  expect(answer.body.hint).toContain("POST /api/provision");
}

describe("a registration that reads do not show", () => {
  it("is missing at once where none was ever made", async () => {
    for (const call of CALLS) await expectMissing(call);
    expect(passed()).toBe(0);
  });

  it("is waited for where it has just been made: a pipeline comes from nothing to a delivered secret", async () => {
    app().cloud.directory.replication = { objects: 5_000, secrets: 30_000, reads: 20_000 };
    for (const path of ["provision", "consent", "rotate"]) await app().post(path);
    expect(app().held()).toBe(app().latest()?.value);
  });

  it("is missing after half a minute where something was made in the last minutes, but at once to a dry run", async () => {
    app().cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    await app().post("provision");
    app().cloud.directory.deleteApplication("openmetadata-ingestion");
    await app().clock.advance(30_000);
    beganOn = app().clock.now().getTime();
    for (const call of CALLS.filter(([, body]) => "dryRun" in body)) await expectMissing(call);
    expect(passed()).toBe(0);
    for (const call of CALLS.filter(([, body]) => !("dryRun" in body))) await expectMissing(call);
    expect(passed()).toBeGreaterThan(20_000);
    expect(passed()).toBeLessThan(70_000);
  });

  it("is missing at once where nothing was made in the last minutes", async () => {
    await app().clock.advance(6 * MINUTE);
    beganOn = app().clock.now().getTime();
    for (const call of CALLS) await expectMissing(call);
    expect(passed()).toBe(0);
  });
});
