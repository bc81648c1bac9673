import { beforeAll, describe, expect, it } from "vitest";
import { signsIn } from "../../proof/strikes/sign-in.ts";
import { DAY, HOUR, MINUTE, openApp, SECRET } from "./app.ts";
import { trail } from "./trail.ts";
import { runTimer } from "./trouble.ts";

// The schedule is out of the way, so that each test knows what made the rotation begin.
const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
const walked = trail(app);

const UNTIL_PROVEN = ["announce", "issue", "stage", ...Array(5).fill("sign in"), "note proof"];
const PROMOTED = ["sign in", "note promotion", "promote"];
const UNTIL_CURRENT = [...UNTIL_PROVEN, ...PROMOTED];
/** One look: Entra's list and two vault secrets; the vault secret of a token, and the server's release. */
const LOOK = ["graph", "key-vault", "key-vault", "key-vault", "openmetadata"];
/** Before anything goes. */
const SEEN_TO = ["sign in", "push", "deploy", "note check"];
const PUSHED = ["sign in", "push", "deploy", "note delivery"];
const rotate = (body: unknown) => app().call("POST", "rotate", body);
const kinds = (steps: { kind: string }[] | undefined) => steps?.map(({ kind }) => kind);
const current = () => app().latest()?.tags.keyId;
const managed = () =>
  app()
    .inEntra()
    .filter(({ displayName }) => displayName?.startsWith("managed by"))
    .map(({ keyId }) => keyId);

/** Long idle times without ingestion, which would only cost time. */
async function idle(milliseconds: number): Promise<void> {
  const { cloud, clock } = app();
  cloud.ingestion.stop();
  await clock.advance(milliseconds - 2 * HOUR);
  cloud.ingestion.start();
  await clock.advance(2 * HOUR);
}

describe("POST /api/rotate", () => {
  beforeAll(() => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    app().cloud.ingestion.start();
  });

  it("asks for provisioning first", async () => {
    const { status, body } = await rotate({});
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: "registration-missing",
      hint: expect.stringContaining("POST /api/provision"),
    });
    expect([...app().writes("graph"), ...app().writes("key-vault")]).toEqual([]);
  });

  it.each([
    ["revokeOld without a reason", { revokeOld: true }, "body-invalid"],
    ["issuedBefore without a reason", { issuedBefore: "2031-03-03T11:00:00Z" }, "body-invalid"],
    ["a future issuedBefore", { because: "x", issuedBefore: "2031-03-03T12:05:00Z" }, "body-invalid"],
    ["an unknown credential", { credential: "bot-password" }, "body-invalid"],
    ["an unknown field", { dryrun: true }, "body-invalid"],
    ["an unknown deployment", { deployment: "other" }, "deployment-unknown"],
    ["a list", [], "body-invalid"],
  ])("refuses %s and asks nobody", async (_, body, code) => {
    app().mark();
    const answer = await rotate(body);
    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect(app().exchanges.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it("shows every step in a dry run, and writes nothing", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    app().mark();
    walked();
    const { status, body } = await rotate({ dryRun: true });
    expect(status).toBe(200);
    expect(body.converged).toBe(false);
    expect(kinds(body.steps)).toEqual(["issue", "prove", "promote", "push"]);
    expect(body.steps?.every(({ state }) => state === "planned")).toBe(true);
    expect(
      app()
        .exchanges.map(({ service }) => service)
        .sort(),
    ).toEqual(LOOK);
    expect(app().cloud.vault.secrets()).toEqual([]);
    expect(walked()).toEqual([]);
  });

  it("issues, stages, proves, promotes and pushes, in that order, in one call", async () => {
    const { status, body } = await rotate({ credential: "ingestion-client-secret" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      converged: true,
      later: [{ kind: "confirm" }, { kind: "issue" }, { kind: "promote" }],
    });
    expect(kinds(body.steps)).toEqual(["issue", "prove", "promote", "push"]);
    expect(walked()).toEqual([...UNTIL_CURRENT, "sign in", "push", "point bot", "deploy", "note delivery"]);
    expect(body.result).toMatchObject({
      credentials: [{ secret: SECRET, keyId: managed()[0], version: app().latest()?.version }],
    });
    expect(app().held()).toBe(app().latest()?.value);
  });

  it("does nothing when it is repeated, with three requests, and two for a token that the bot does not use", async () => {
    app().mark();
    const { body } = await rotate({});
    expect(body).toMatchObject({ converged: true, steps: [] });
    expect(
      app()
        .exchanges.map(({ service }) => service)
        .sort(),
    ).toEqual(LOOK);
  });

  it("replaces for a reason, and a repeat that carries issuedBefore changes nothing more", async () => {
    const old = current();
    await app().clock.advance(MINUTE);
    const preview = await rotate({ because: "leaver", dryRun: true });
    expect(kinds(preview.body.steps)).toEqual(["issue", "prove", "promote", "push"]);
    expect(walked()).toEqual([]);
    const calledOn = app().clock.now().toISOString();
    const { body } = await rotate({ because: "leaver" });
    // That it was asked for is noted with it, until the caller hears that it is done.
    expect(walked()).toEqual([...UNTIL_CURRENT, ...PUSHED, "note delivery"]);
    expect(body.issuedBefore).toBe(calledOn);
    const replaced = current();
    expect(replaced).not.toBe(old);
    await app().clock.advance(MINUTE);
    const again = await rotate({ because: "leaver", issuedBefore: body.issuedBefore });
    expect(again.body).toMatchObject({ converged: true, steps: [], issuedBefore: body.issuedBefore });
    expect(current()).toBe(replaced);
    expect(managed()).toEqual([old, replaced]);
  });

  it("answers 202 while Entra replicates, and goes on with the same staged secret", async () => {
    const { directory } = app().cloud;
    directory.replication = { ...directory.replication, secrets: 400_000 };
    walked();
    const first = await rotate({ because: "slow" });
    expect(first).toMatchObject({ status: 202, retryAfter: 10, body: { converged: false } });
    expect(first.body.steps).toMatchObject([
      { kind: "issue", state: "done" },
      { kind: "prove", state: "waiting" },
    ]);
    const staged = app().latest(`${SECRET}-next`)?.tags.keyId;
    expect(current()).not.toBe(staged);
    const { body } = await app().post("rotate", { because: "slow", issuedBefore: first.body.issuedBefore });
    directory.replication = { ...directory.replication, secrets: 0 };
    expect(current()).toBe(staged);
    expect(body.converged).toBe(true);
    // Call and queue go on with it side by side, with one secret.
    const steps = walked();
    expect(["issue", "promote"].map((step) => steps.filter((one) => one === step).length)).toEqual([1, 1]);
  });
});

/** What was done but for the checks: before anything goes, and once a day. */
function changed(): string[] {
  const steps = walked();
  const isCheck = (at: number) => steps[at] === "sign in" && steps[at + 1] === "note check";
  return steps.filter((_, at) => !isCheck(at) && !isCheck(at - 1));
}

describe("what follows a delivery", () => {
  it("is confirmed by itself a quarter of an hour later, and then only signed in with once a day until the overlap has passed", async () => {
    await app().clock.advance(20 * MINUTE);
    expect(app().latest()?.tags.confirmedOn).toBeDefined();
    walked();
    await idle(7 * DAY - HOUR);
    await runTimer(app());
    expect(changed()).toEqual([]);
    expect(managed()).toHaveLength(3);
  });

  it("retires what was managed and replaced, never what a person has made", async () => {
    const foreign = app().cloud.directory.addPasswordByHand("openmetadata-ingestion", { displayName: "by hand" });
    await app().clock.advance(2 * HOUR);
    await runTimer(app());
    expect(changed()).toEqual([...SEEN_TO, "retire", "retire"]);
    expect(managed()).toEqual([current()]);
    expect(
      app()
        .inEntra()
        .map(({ keyId }) => keyId),
    ).toContain(foreign.keyId);
    expect(await signsIn(app(), foreign.value)).toBe(true);
  });
});

describe("the same plan", () => {
  it("begins with the near-expiry event, thirty days before the end", async () => {
    const old = current();
    walked();
    const expiresOn =
      app()
        .inEntra()
        .find(({ keyId }) => keyId === old)?.endDateTime ?? "";
    await idle(new Date(expiresOn).getTime() - 30 * DAY - app().clock.now().getTime() - 5_000);
    expect(changed()).toEqual([]);
    await app().clock.advance(15_000);
    expect(walked()).toEqual([...UNTIL_CURRENT, ...PUSHED]);
    expect(current()).not.toBe(old);
    expect(app().held()).toBe(app().latest()?.value);
  });

  it("begins with the timer: staged a day ahead, promoted when due, pushed by the event", async () => {
    const { eventGrid } = app().cloud;
    eventGrid.faults.shape = ({ eventType }) => (eventType.endsWith("NearExpiry") ? [] : [1000]);
    await app().clock.advance(16 * MINUTE);
    await runTimer(app());
    walked();
    await idle(59 * DAY - HOUR);
    await runTimer(app());
    expect(changed()).toEqual([...SEEN_TO, "retire"]);
    await app().clock.advance(HOUR);
    await runTimer(app());
    expect(walked()).toEqual(UNTIL_PROVEN);
    await app().clock.advance(DAY);
    await runTimer(app());
    await app().clock.advance(2_000);
    // What is due is left to the timer, so that not all messages about it come at one moment.
    expect(walked()).toEqual([...PROMOTED, ...PUSHED]);
    eventGrid.faults = {};
  });

  it("has never kept ingestion from signing in", () => {
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    expect(app().cloud.ingestion.signIns()).toBeGreaterThan(50);
  });
});
