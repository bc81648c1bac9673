import { beforeAll, describe, expect, it } from "vitest";
import { signsIn } from "../../proof/strikes/sign-in.ts";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import { DAY, HOUR, MINUTE, nameOfOurs, openApp, SECRET } from "./app.ts";
import { trail } from "./trail.ts";
import { runTimer } from "./trouble.ts";

// The schedule is out of the way; a test that means the timer runs it.
const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
const walked = trail(app);

const LEAK = { because: "compromised", revokeOld: true };
const rotate = (body: unknown) => app().call("POST", "rotate", body);
const kinds = (steps: { kind: string }[] | undefined) => steps?.map(({ kind }) => kind);
const current = () => app().latest() ?? { value: "", tags: {} as Record<string, string> };
const managed = () =>
  app()
    .inEntra()
    .filter(({ displayName }) => displayName?.startsWith("managed by"));
const holders = () => {
  const { openMetadata } = app().cloud;
  const pinned = openMetadata.pipelines().map((one) => one.pinned);
  return [...pinned, openMetadata.botMechanism("ingestion-bot")].map((held) =>
    held?.authType === "SSO" ? held.config.authConfig?.clientSecret : undefined,
  );
};
/** Everybody holds the current secret, Entra knows it, and no other managed one. */
const replacesAll = async (): Promise<void> => {
  const { value, tags } = current();
  expect(new Set(holders())).toEqual(new Set([value]));
  expect(managed().map(({ keyId }) => keyId)).toEqual([tags.keyId]);
  expect(await signsIn(app(), value)).toBe(true);
};

beforeAll(async () => {
  const { openMetadata, directory, ingestion } = app().cloud;
  for (const name of ["warehouse", "lake"]) openMetadata.addPipeline({ name, deployed: true });
  directory.replication = { objects: 3_000, secrets: 5_000, reads: 1_000 };
  await app().settle();
  ingestion.start();
  await app().clock.advance(DAY);
});

describe("a leaked client secret", () => {
  it("is shown to go in a dry run, which writes nothing", async () => {
    walked();
    const { body } = await rotate({ ...LEAK, dryRun: true });
    expect(kinds(body.steps)).toEqual(["issue", "prove", "promote", "push", "check", "retire", "push"]);
    expect(walked()).toEqual([]);
  });

  it("is replaced everywhere and then refused by Entra, in one call of less than a minute", async () => {
    const { clock, cloud } = app();
    const foreign = cloud.directory.addPasswordByHand("openmetadata-ingestion", { displayName: "by hand" });
    await clock.advance(HOUR);
    const old = current();
    const beganOn = clock.now().getTime();
    const { status, body } = await rotate(LEAK);
    expect(clock.now().getTime() - beganOn).toBeLessThan(MINUTE);
    expect([status, body.converged]).toEqual([200, true]);
    expect(kinds(body.steps)).toEqual(["issue", "prove", "promote", "push", "check", "retire", "push"]);
    expect(body.steps?.[5]).toMatchObject({
      kind: "retire",
      because: "compromised",
      target: old.tags.keyId,
      state: "done",
    });
    expect(await signsIn(app(), old.value)).toBe(false);
    expect(await signsIn(app(), foreign.value)).toBe(true);
    await replacesAll();

    await clock.advance(2 * MINUTE);
    walked();
    const again = await rotate({ ...LEAK, issuedBefore: body.issuedBefore });
    expect(again).toMatchObject({ status: 200, body: { converged: true, steps: [], issuedBefore: body.issuedBefore } });
    expect(walked()).toEqual([]);
  });

  it("is confirmed to be replaced by a later timer run", async () => {
    await app().clock.advance(HOUR);
    expect(await runTimer(app())).toBe(true);
    expect(current().tags.confirmedOn).toBeDefined();
    await replacesAll();
  });

  it("takes with it the staged one, which was issued before", async () => {
    app().cloud.ingestion.stop();
    await app().clock.advance(59 * DAY);
    app().cloud.ingestion.start();
    expect(await runTimer(app())).toBe(true);
    const staged = app().latest(`${SECRET}-next`);
    expect(staged?.tags.keyId).not.toBe(current().tags.keyId);
    expect(managed()).toHaveLength(2);
    await app().post("rotate", LEAK);
    expect(await signsIn(app(), staged?.value ?? "")).toBe(false);
    await replacesAll();
  });

  it("goes although five managed credentials exist, the limit for anything else", async () => {
    const { directory } = app().cloud;
    for (const name of ["a", "b", "c", "d"]) {
      directory.addPasswordByHand("openmetadata-ingestion", { displayName: nameOfOurs(app(), name) });
    }
    await app().clock.advance(MINUTE);
    walked();
    const refused = await rotate({ because: "leaver" });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "too-many-credentials", hint: expect.stringContaining("GET /api/status") },
    });
    expect(walked()).toEqual([]);
    await app().post("rotate", LEAK);
    await replacesAll();
  });
});

describe("with OpenMetadata down", () => {
  it("nothing is revoked, the answer says why, and a repeat with its issuedBefore finishes", async () => {
    await app().clock.advance(DAY);
    const old = current();
    walked();
    const down = await amid(app(), refuses({ service: "openmetadata" }), async () => {
      const answer = await rotate(LEAK);
      expect(await runTimer(app())).toBe(true);
      await app().clock.advance(10 * MINUTE);
      expect(await runTimer(app())).toBe(false);
      return answer;
    });
    expect(down).toMatchObject({
      status: 503,
      retryAfter: 10,
      body: { code: "openmetadata-unreachable", detail: expect.stringContaining(app().cloud.urls.openMetadata) },
    });
    expect(walked()).not.toContain("retire");
    expect(await signsIn(app(), old.value)).toBe(true);
    expect(holders()).toContain(old.value);

    const { body } = await app().post("rotate", { ...LEAK, issuedBefore: down.body.issuedBefore });
    expect(kinds(body.steps)).toEqual(["push", "check", "retire", "push"]);
    expect(await signsIn(app(), old.value)).toBe(false);
    await replacesAll();
  });

  it("one pipeline that cannot be deployed keeps the old one alive until it is mended", async () => {
    const { openMetadata } = app().cloud;
    await app().clock.advance(DAY);
    const old = current();
    openMetadata.setDeployFails("lake", true);
    const failed = await rotate(LEAK);
    expect(failed).toMatchObject({
      status: 503,
      body: { code: "pipelines-not-deployed", detail: expect.stringContaining('"lake"') },
    });
    expect(await signsIn(app(), old.value)).toBe(true);
    openMetadata.setDeployFails("lake", false);
    await app().post("rotate", { ...LEAK, issuedBefore: failed.body.issuedBefore });
    await replacesAll();
  });

  it("a revocation that Graph refuses is finished by a repeat", async () => {
    await app().clock.advance(DAY);
    const broken = answers(
      { service: "graph", path: /removePassword$/ },
      { status: 500, body: { error: { code: "InternalServerError", message: "Try again." } } },
    );
    const failed = await amid(app(), broken, () => rotate(LEAK));
    expect(failed).toMatchObject({
      status: 503,
      body: { code: "graph-unavailable", detail: expect.stringContaining("remove client secret") },
    });
    await app().post("rotate", { ...LEAK, issuedBefore: failed.body.issuedBefore });
    await replacesAll();
  });

  it("ingestion has signed in all the time", () => {
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    expect(app().cloud.ingestion.signIns()).toBeGreaterThan(250);
  });
});
