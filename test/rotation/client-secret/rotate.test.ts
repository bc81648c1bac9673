import { beforeEach, describe, expect, it } from "vitest";
import { UpstreamError } from "../../../shared/errors.ts";
import { DAY, HOUR, MINUTE } from "../../../shared/limits.ts";
import type { Outcome } from "../../../shared/rotation/outcome.ts";
import type { Version } from "../../../shared/rotation/secret-store.ts";
import { NOTHING_NOTED } from "../../../shared/rotation/stored.ts";
import { NAME, START, secretWorld } from "./secret-world.ts";

let secret: ReturnType<typeof secretWorld>;
beforeEach(() => {
  secret = secretWorld();
});
const secretWorldOf = (consumer: (typeof secret)["world"]["consumer"]) => {
  const other = secretWorld();
  other.world.consumer = consumer;
  return other;
};
const kinds = ({ steps }: Outcome) => steps.map(({ kind, state }) => `${kind} ${state}`);
const leak = (issuedBefore: number) =>
  ({ because: "a leak", issuedBefore: new Date(issuedBefore), revokeOld: true, open: true }) as const;

describe("a client secret", () => {
  it("is issued, proven, made current and handed on in one run, and then nothing is to be done", async () => {
    const { world } = secret;
    const first = await secret.rotate();
    expect(kinds(first)).toEqual(["issue done", "prove done", "promote done", "push done"]);
    expect(first).toMatchObject({ converged: true, current: { keyId: "key-1", deliveredOn: new Date(world.time) } });
    expect(world.pushed).toMatchObject([{ appId: "app", value: "value of key-1", again: false, urgent: false }]);
    expect(world.log.at(-1)?.message).toMatch(/pushed keyId=key-1: seen$/);
    expect(await secret.rotate()).toMatchObject({ steps: [], converged: true });
  });

  it("is confirmed, checked each day, and succeeded in time; the old one goes when nobody holds it any more", async () => {
    const { world } = secret;
    await secret.rotate();
    await secret.days(59);
    expect(world.did).toEqual(["issue key-1", "push key-1", "push key-1", "issue key-2"]);
    expect(world.pushed.map(({ again }) => again)).toEqual([false, true]);
    expect(world.current[0]?.confirmedOn?.getTime()).toBeLessThan(START + DAY + HOUR);
    await secret.days(1);
    expect(world.did.slice(4)).toEqual(["push key-2"]);
    await secret.days(6);
    expect(world.did.slice(5)).toEqual(["push key-2"]);
    await secret.days(2);
    expect(world.did.slice(6)).toEqual(["push key-2", "retire key-1"]);
  });

  it("is looked at without a write by who only wants to know what a run would do", async () => {
    const planned = await secret.preview();
    expect(kinds(planned)).toEqual(["issue planned", "prove planned", "promote planned", "push planned"]);
    expect(planned).toMatchObject({ converged: false, current: undefined });
    expect([secret.world.did, secret.world.staged, secret.world.log]).toEqual([[], [], []]);
  });

  it("of no registration is not waited for where none was made lately, and half a minute at most where one was", async () => {
    const { world } = secret;
    world.isRegistered = false;
    for (const madeLately of [false, true]) {
      const since = world.time;
      world.madeLately = madeLately;
      await expect(secret.rotate()).rejects.toMatchObject({
        code: "registration-missing",
        message: `Cannot rotate "${NAME}": its app registration does not exist`,
      });
      const waited = world.time - since;
      expect([waited > 0, waited <= 30_000]).toEqual([madeLately, true]);
    }
  });

  it("of a server that was never started waits for it, for whoever has called; later it is a failure", async () => {
    const { world } = secret;
    world.consumer = () => Promise.reject(new UpstreamError("no answer", { service: "OpenMetadata", status: 0 }));
    await expect(secretWorldOf(world.consumer).rotate()).rejects.toThrow("no answer");
    expect(await secret.rotate({ called: true })).toMatchObject({
      converged: false,
      waitingFor: `OpenMetadata does not answer yet; it can be started with the secret in "${NAME}": no answer`,
    });
    const delivered = secretWorld();
    await delivered.rotate();
    delivered.world.consumer = world.consumer;
    delivered.world.pass(HOUR);
    const ask = { because: "new", issuedBefore: new Date(delivered.world.time), revokeOld: false };
    await expect(delivered.rotate({ called: true })).rejects.toThrow("no answer");
    await expect(delivered.rotate({ called: true, ask })).rejects.toThrow("no answer");
  });

  it("of which too many exist is not issued again, and a person is told where to look", async () => {
    const { world } = secret;
    await secret.rotate();
    world.consumer = async () => ({ kind: "waiting", code: "out-of-time", because: "later" });
    for (let lost = 0; lost < 4; lost += 1) {
      await secret.rotate({ ask: { because: `lost ${lost}`, issuedBefore: new Date(world.time), revokeOld: false } });
      world.pass(MINUTE);
    }
    const more = { because: "once more", issuedBefore: new Date(world.time), revokeOld: false };
    await expect(secret.rotate({ ask: more })).rejects.toMatchObject({
      code: "too-many-credentials",
      message: `Cannot issue the next secret for "${NAME}": 5 client secrets of this app exist already`,
      hint: expect.stringContaining('{"because":"compromised","revokeOld":true}'),
    });
    expect(world.entra).toHaveLength(5);
  });
});

describe("the vault's event", () => {
  it("hands on what a run has left to it, once", async () => {
    const { world } = secret;
    const left = await secret.rotate({ leavesPushToEvent: true });
    expect(kinds(left)).toEqual(["issue done", "prove done", "promote done"]);
    expect(left.converged).toBe(false);
    const { deliver } = secret.rotation();
    const endsOn = new Date(world.time + MINUTE);
    expect(await deliver?.(endsOn, {})).toMatchObject({ state: "done", keyId: "key-1" });
    expect(world.pushed).toMatchObject([{ appId: "app", endsOn, value: "value of key-1" }]);
    expect(world.log.at(-1)).toMatchObject({
      event: "step",
      step: "push",
      because: "not delivered",
      state: "done",
      message: expect.stringContaining(`push of "${NAME}"`),
    });
    expect(await deliver?.(endsOn, {})).toBeUndefined();
    expect(world.log.at(-1)?.message).toContain(`"${NAME}" is already delivered`);
    expect(world.did).toEqual(["issue key-1", "push key-1"]);
  });

  it("leaves alone what a message goes on with, and what is none of ours, and says so", async () => {
    const { world } = secret;
    await secret.rotate({ leavesPushToEvent: true });
    const { deliver } = secret.rotation();
    const endsOn = new Date(world.time + MINUTE);
    const [version] = world.current;
    if (!version) throw new Error("There is one");
    world.current[0] = { ...version, pushOn: endsOn };
    expect(await deliver?.(endsOn, {})).toBeUndefined();
    expect(world.log.at(-1)?.message).toContain(`the queue is pushing "${NAME}"`);
    world.current[0] = { ...version, enabled: false };
    expect(await deliver?.(endsOn, {})).toBeUndefined();
    expect(world.log.at(-1)?.message).toContain(`"${NAME}" has no secret to push`);
    expect(world.pushed).toEqual([]);
  });

  it("is not waited for where it is not answered: the run hands on itself", async () => {
    await secret.rotate({ leavesPushToEvent: true }, { byEvent: false });
    expect(secret.world.did).toEqual(["issue key-1", "push key-1"]);
  });
});

describe("a leak", () => {
  const means = () => {
    const meant: number[] = [];
    return { meant, means: (on: Date) => void meant.push(on.getTime()) };
  };

  it("is answered in one run: the new one is handed on, the old one goes, and the new one is handed on again", async () => {
    const { world } = secret;
    await secret.rotate();
    world.pass(HOUR);
    world.did.length = 0;
    const { meant, ...order } = means();
    const asked = world.time;
    const answer = await secret.rotate({ ask: leak(asked), ...order });
    expect(world.did).toEqual(["issue key-2", "push key-2", "retire key-1", "push key-2"]);
    expect(world.pushed.slice(1).map(({ urgent }) => urgent)).toEqual([true, true]);
    expect(answer.converged).toBe(true);
    // The second push is a delivery again, and no confirmation: other runs may still hand on the old one.
    expect(world.current.at(-1)).toMatchObject({ deliveredOn: new Date(world.time), confirmedOn: undefined });
    expect(meant).toEqual([asked]);
    expect(world.current.at(-1)?.asked).toEqual({ before: new Date(asked), because: "a leak" });
  });

  it("goes on where the same was asked for before and is not done, and begins anew where it is", async () => {
    const { world, rotation } = secret;
    await secret.rotate();
    world.pass(HOUR);
    const asked = world.time;
    world.consumer = async () => ({ kind: "waiting", code: "out-of-time", because: "later" });
    expect(await secret.rotate({ ask: leak(asked) })).toMatchObject({ converged: false, waitingFor: "later" });
    world.consumer = async () => ({ kind: "delivered", detail: "seen" });
    world.pass(MINUTE);
    const again = means();
    await secret.rotate({ ask: leak(world.time), means: again.means });
    expect(again.meant).toEqual([asked]);
    expect(world.did.slice(2)).toEqual(["issue key-2", "push key-2", "retire key-1", "push key-2"]);

    // Whoever asked has not heard of it.
    world.pass(MINUTE);
    const unheard = means();
    await secret.rotate({ ask: leak(world.time), means: unheard.means });
    expect([unheard.meant, world.entra.length]).toEqual([[asked], 2]);
    await rotation().answered();
    world.pass(MINUTE);
    const heard = means();
    await secret.rotate({ ask: leak(world.time), means: heard.means });
    expect([heard.meant, world.entra.length]).toEqual([[expect.any(Number)], 3]);
    expect(heard.meant).not.toEqual([asked]);
  });

  describe("that was asked for before is meant again", () => {
    const asked = { before: new Date(START), because: "a leak" };
    /** The moment that a call means now, of a current secret and a staged one that were put there. */
    async function meantBy(
      change: { current?: Partial<Version>; staged?: Partial<Version>; others?: number[]; listedOn?: number },
      { revokeOld = true } = {},
    ) {
      const own = secretWorld();
      const { world } = own;
      const at = (keyId: string, issuedOn: number) => {
        const dates = { issuedOn: new Date(issuedOn), expiresOn: new Date(issuedOn + 90 * DAY) };
        return { ...dates, keyId, nonce: keyId, mark: "mark", value: keyId };
      };
      const version = (keyId: string, more: Partial<Version>): Version => {
        const { issuedOn, expiresOn, nonce } = at(keyId, START + MINUTE);
        const common = { version: keyId, enabled: true, intent: false, createdOn: issuedOn, issuedOn, expiresOn };
        return { ...NOTHING_NOTED, ...common, keyId, nonce, ...more };
      };
      world.entra.push(at("current", change.listedOn ?? START + MINUTE));
      for (const on of change.others ?? []) world.entra.push(at(`other ${on}`, on));
      world.current.push(version("current", { deliveredOn: new Date(START + MINUTE), ...change.current }));
      if (change.staged) world.staged.push(version("staged", change.staged));
      world.pass(3 * HOUR);
      const { meant, ...order } = means();
      await own.preview({ ask: { ...leak(world.time), revokeOld }, ...order });
      return meant[0] === START ? "again" : "anew";
    }

    it.each<[what: string, change: Parameters<typeof meantBy>[0]]>([
      ["what is current is not handed on", { current: { asked, deliveredOn: undefined } }],
      ["what is current is older than that", { current: { asked, issuedOn: new Date(START - 1) } }],
      ["its successor is still being proven", { staged: { asked } }],
      ["another one that was issued before is left", { current: { asked }, others: [START - 1] }],
    ])("where %s", async (_, change) => {
      expect(await meantBy(change)).toBe("again");
    });

    it.each<[what: string, change: Parameters<typeof meantBy>[0]]>([
      ["all is as it was to be", { current: { asked } }],
      ["its successor is proven, for that is not handed on for this call", { staged: { asked, provenOn: new Date() } }],
      ["another one was issued in that very moment", { current: { asked }, others: [START] }],
      ["Entra dates what is current earlier, by its own clock", { current: { asked }, listedOn: START - 1 }],
      ["nobody asked", {}],
    ])("not where %s", async (_, change) => {
      expect(await meantBy(change)).toBe("anew");
    });

    it("not for the sake of an old one where none was leaked", async () => {
      expect(await meantBy({ current: { asked }, others: [START - 1] }, { revokeOld: false })).toBe("anew");
    });
  });

  it("is not done while an old one is left, which is told by its id", async () => {
    const { world } = secret;
    await secret.rotate();
    world.pass(HOUR);
    world.retires = () => Promise.reject(new Error("Entra refuses"));
    const left: string[] = [];
    const leaves = (ids: readonly string[]) => void left.push(...ids);
    await expect(secret.rotate({ ask: leak(world.time), leaves })).rejects.toThrow("Entra refuses");
    expect(left).toEqual(["key-1"]);
    const again = means();
    world.retires = async () => undefined;
    // So late that nobody would be answered by it who has not heard.
    world.pass(2 * HOUR);
    await secret.rotate({ ask: leak(world.time), means: again.means });
    expect(again.meant[0]).toBeLessThan(world.time - 2 * HOUR);
    expect(world.entra).toHaveLength(2);
  });

  it("is done an hour later though nobody has heard of it: the same words mean another one then", async () => {
    const { world } = secret;
    await secret.rotate();
    world.pass(HOUR);
    await secret.rotate({ ask: leak(world.time) });
    world.pass(2 * HOUR);
    await secret.rotate({ ask: leak(world.time) });
    expect(world.entra).toHaveLength(3);
  });

  it("that was none goes on too while the new one is not handed on", async () => {
    const { world } = secret;
    await secret.rotate();
    world.pass(HOUR);
    world.consumer = async () => ({ kind: "waiting", code: "out-of-time", because: "later" });
    const ask = () => ({ ...leak(world.time), revokeOld: false });
    await secret.rotate({ ask: ask() });
    world.pass(2 * HOUR);
    await secret.rotate({ ask: ask() });
    expect(world.entra).toHaveLength(2);
  });

  it("takes away once what Entra's list goes on showing", async () => {
    const { world } = secret;
    await secret.rotate();
    world.pass(HOUR);
    world.lags = true;
    await secret.rotate({ ask: leak(world.time) });
    expect(world.did.filter((one) => one.startsWith("retire"))).toEqual(["retire key-1"]);
  });
});
