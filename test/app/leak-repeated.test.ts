import { beforeAll, describe, expect, it } from "vitest";
import { signsIn } from "../../proof/strikes/sign-in.ts";
import { amid, answers } from "../../proof/strikes/strike.ts";
import { DAY, HOUR, MINUTE, nameOfOurs, openApp, SECRET } from "./app.ts";

// The schedule is out of the way.
const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

/** As the README says it: without a moment, again and again. */
const LEAK = { because: "compromised", revokeOld: true };
const rotate = (body: unknown) => app().call("POST", "rotate", body);
const keyIds = () =>
  app()
    .inEntra()
    .map(({ keyId }) => keyId);
const issuedSince = (before: readonly string[]) => keyIds().filter((keyId) => !before.includes(keyId));

/** Calls while the answer is 202, a minute apart, so many times at most; the answers. */
async function repeat(body: unknown, most: number) {
  const all: Awaited<ReturnType<typeof rotate>>[] = [];
  while (all.length < most && (all.at(-1)?.status ?? 202) === 202) {
    if (all.length > 0) await app().clock.advance(MINUTE);
    all.push(await rotate(body));
  }
  return all;
}

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  await app().settle();
  await app().clock.advance(DAY);
});

describe("a call about a leak that is repeated as it was", () => {
  it("goes on with the same secret while Entra needs eight minutes to know it, and then revokes the old one", async () => {
    const { directory } = app().cloud;
    const old = app().latest()?.value ?? "";
    const before = keyIds();
    directory.replication = { ...directory.replication, secrets: 8 * MINUTE };
    const answers = await repeat(LEAK, 12);
    directory.replication = { ...directory.replication, secrets: 5_000 };
    expect(answers.length).toBeGreaterThan(2);
    expect(answers.at(-1)).toMatchObject({ status: 200, body: { converged: true } });
    expect(new Set(answers.map(({ body }) => body.issuedBefore)).size).toBe(1);
    expect(issuedSince(before)).toHaveLength(1);
    expect(keyIds()).toEqual([app().latest()?.tags.keyId]);
    expect(await signsIn(app(), old)).toBe(false);
  });

  it("begins anew when the first one was done: that is another leak", async () => {
    const [before] = keyIds();
    await app().clock.advance(5 * MINUTE);
    expect((await rotate(LEAK)).status).toBe(200);
    expect(keyIds()).not.toContain(before);
  });

  it("goes on as well where nothing leaked, and one secret was asked for", async () => {
    const { directory } = app().cloud;
    const before = keyIds();
    directory.replication = { ...directory.replication, secrets: 8 * MINUTE };
    const answers = await repeat({ because: "leaver" }, 12);
    directory.replication = { ...directory.replication, secrets: 5_000 };
    expect(answers.at(-1)?.status).toBe(200);
    expect(issuedSince(before)).toHaveLength(1);
  });

  it("makes ten at most, whatever is lost", async () => {
    const { directory } = app().cloud;
    for (let one = keyIds().length; one < 9; one += 1) {
      directory.addPasswordByHand("openmetadata-ingestion", { displayName: nameOfOurs(app(), `lost ${one}`) });
    }
    await app().clock.advance(MINUTE);
    const lost = answers(
      { service: "key-vault", method: "PUT", path: new RegExp(`${SECRET}-next`), skip: 1 },
      { status: 500 },
    );
    const first = await amid(app(), lost, () => rotate(LEAK));
    expect([first.status, keyIds().length]).toEqual([503, 10]);
    const second = await rotate({ ...LEAK, because: "another one" });
    expect(second).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("10 client secrets of this app") },
    });
    expect(keyIds()).toHaveLength(10);
    for (const keyId of keyIds()) if (keyId !== app().latest()?.tags.keyId) directory.removePasswordByHand(keyId);
    await app().clock.advance(HOUR);
  });
});

describe("a leak of which Graph will not remove one secret", () => {
  it("takes away all others, names what is left, and goes on with it when called again", async () => {
    const { directory } = app().cloud;
    const [one, two] = ["a", "b"].map((name) =>
      directory.addPasswordByHand("openmetadata-ingestion", { displayName: nameOfOurs(app(), name) }),
    );
    const current = app().latest()?.tags.keyId;
    await app().clock.advance(2 * HOUR);
    // The oldest is the first that is tried.
    const refused = answers(
      { service: "graph", path: /removePassword$/, body: new RegExp(`${current}`) },
      { status: 403, body: { error: { code: "Authorization_RequestDenied", message: "Insufficient privileges" } } },
    );
    const failed = await amid(app(), refused, () => rotate(LEAK));
    expect(failed).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`"${current}"`), left: [current] },
    });
    expect(keyIds()).not.toContain(one?.keyId);
    expect(keyIds()).not.toContain(two?.keyId);
    expect(keyIds()).toHaveLength(2);
    const again = await rotate(LEAK);
    expect(again).toMatchObject({ status: 200, body: { issuedBefore: failed.body.issuedBefore } });
    expect(keyIds()).toEqual([app().latest()?.tags.keyId]);
  });
});
