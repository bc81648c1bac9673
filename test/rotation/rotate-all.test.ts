import { describe, expect, it } from "vitest";
import type { CredentialKind } from "../../shared/deployment/credentials.ts";
import { StalledError } from "../../shared/errors.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Order } from "../../shared/rotation/order.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { type Leave, rotateAll, rotateEach } from "../../shared/rotation/rotate-all.ts";
import { on, policy } from "./client-secret/planned.ts";

const IDLE: Outcome = { steps: [], converged: true, later: [], current: undefined };

/** Rotations on one clock; each takes so many seconds, then answers or throws. */
function company(...members: { credential: CredentialKind; seconds?: number; answer?: Outcome | Error }[]) {
  let time = on("2026-01-01").getTime();
  const told: string[] = [];
  const log: LogEvent[] = [];
  const rotations = members.map(({ credential, seconds = 0, answer = IDLE }): Rotation => {
    const run = (verb: string) => async (order: Order) => {
      told.push(`${verb} ${credential} for ${(order.endsOn.getTime() - time) / 1000} s`);
      time += seconds * 1000;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return {
      credential,
      name: `openmetadata-${credential}`,
      rotate: run("rotate"),
      preview: run("preview"),
      answered: async () => undefined,
      now: () => new Date(time),
      log: (event) => void log.push(event),
    };
  });
  return { rotations, told, log };
}
const order = { policy, beganOn: on("2026-01-01"), endsOn: on("2026-01-01T00:02:30") };
const each = (members: Parameters<typeof company>, more: { dryRun?: boolean; named?: boolean } = {}) => {
  const { rotations, told } = company(...members);
  return { told, rotated: rotateEach(rotations, { ...order, dryRun: false, named: false, ...more }) };
};

describe("rotateEach()", () => {
  it("gives each an equal share of the time that is left, in their order", async () => {
    const { told, rotated } = each([
      { credential: "ingestion-client-secret", seconds: 50 },
      { credential: "server-client-secret", seconds: 10 },
      { credential: "bot-token" },
    ]);
    expect((await rotated).map(({ rotation }) => rotation.credential)).toEqual([
      "ingestion-client-secret",
      "server-client-secret",
      "bot-token",
    ]);
    expect(told).toEqual([
      "rotate ingestion-client-secret for 50 s",
      "rotate server-client-secret for 50 s",
      "rotate bot-token for 90 s",
    ]);
  });

  it("gives each at least half a minute, as long as there is any time: a proof needs as much", async () => {
    const { told, rotated } = each([
      { credential: "ingestion-client-secret", seconds: 30 },
      { credential: "server-client-secret", seconds: 30 },
      { credential: "bot-token", seconds: 30 },
      { credential: "ingestion-client-secret", seconds: 50 },
      { credential: "server-client-secret", seconds: 4 },
      { credential: "bot-token" },
    ]);
    await rotated;
    expect(told.map((one) => one.replace(/.* for /, ""))).toEqual(["30 s", "30 s", "30 s", "30 s", "10 s", "6 s"]);
  });

  it("tells of each what came of it, and of a preview nothing", async () => {
    const { rotations, log } = company({ credential: "bot-token" });
    await rotateEach(rotations, { ...order, dryRun: true, named: false });
    expect(log).toEqual([]);
    await rotateEach(rotations, { ...order, dryRun: false, named: false });
    const message = 'rotation of "openmetadata-bot-token": nothing to do';
    expect(log).toEqual([{ event: "look", state: "done", message, next: undefined, nextOn: undefined }]);
  });

  it("takes no time for a success: without any step it has failed, for no message goes on", async () => {
    const late: Outcome = {
      ...IDLE,
      steps: [{ kind: "push", because: "due", target: "x", state: "waiting", code: "out-of-time" }],
    };
    const { rotations, log } = company({ credential: "bot-token", answer: late });
    await rotateEach(rotations, { ...order, dryRun: false, named: false });
    expect(log).toMatchObject([{ state: "failed", code: "out-of-time" }]);
  });

  it("throws the first failure when all had their turn", async () => {
    const { told, rotated } = each([
      { credential: "ingestion-client-secret", answer: new Error("first") },
      {
        credential: "server-client-secret",
        answer: new StalledError("vault-forbidden", "second", { hint: "mend it" }),
      },
      { credential: "bot-token" },
    ]);
    await expect(rotated).rejects.toThrow("first");
    expect(told).toContainEqual(expect.stringMatching(/^rotate bot-token/));
  });

  it("throws it with the moment that an ask came to mean, and with what is left of the old ones", async () => {
    const { rotations } = company(
      { credential: "ingestion-client-secret", answer: new Error("first") },
      { credential: "bot-token" },
    );
    const [failing, other] = rotations as [Rotation, Rotation];
    const meaning = (rotation: Rotation, day: string, left: string[]): Rotation => ({
      ...rotation,
      rotate(own) {
        own.means?.(on(day));
        if (left.length > 0) own.leaves?.(left);
        return rotation.rotate(own);
      },
    });
    const both = [meaning(failing, "2026-01-03", ["key-1"]), meaning(other, "2026-01-02", [])];
    const told: unknown[] = [];
    const leave: Leave = async ({ credential }, { outcome, issuedBefore }) =>
      void told.push([credential, outcome, issuedBefore]);
    await expect(rotateEach(both, { ...order, dryRun: false, named: false, leave })).rejects.toMatchObject({
      cause: new Error("first"),
      issuedBefore: "2026-01-02T00:00:00.000Z",
      left: ["key-1"],
    });
    expect(told).toEqual([
      ["ingestion-client-secret", undefined, on("2026-01-03")],
      ["bot-token", IDLE, on("2026-01-02")],
    ]);
    const none = [meaning(failing, "2026-01-03", []), other];
    await expect(rotateEach(none, { ...order, dryRun: false, named: false })).rejects.toMatchObject({ left: [] });
    const dry = rotateEach([other], { ...order, dryRun: true, named: false, leave });
    expect([(await dry).length, told.length]).toEqual([1, 2]);
  });

  it("only previews a dry run", async () => {
    const { told, rotated } = each([{ credential: "bot-token" }], { dryRun: true });
    await rotated;
    expect(told).toEqual(["preview bot-token for 150 s"]);
  });

  it("refuses one that was named and is of no use, and passes over it where it was not named", async () => {
    const useless: Parameters<typeof company> = [
      { credential: "bot-token", answer: { ...IDLE, unused: "the bot signs in otherwise" } },
    ];
    await expect(each(useless, { named: true }).rotated).rejects.toMatchObject({
      code: "credential-unused",
      message: 'Cannot rotate "openmetadata-bot-token": the bot signs in otherwise',
      hint: 'Leave "credential" out, or correct BOT_CREDENTIAL',
    });
    expect(await each(useless).rotated).toHaveLength(1);
    expect(await each([{ credential: "bot-token" }], { named: true }).rotated).toHaveLength(1);
  });
});

describe("rotateAll()", () => {
  it("fails at the end, naming each that failed", async () => {
    const { rotations, told } = company(
      { credential: "ingestion-client-secret", answer: new StalledError("vault-forbidden", "one", {}) },
      { credential: "server-client-secret" },
      { credential: "bot-token", answer: new Error("two") },
    );
    await expect(rotateAll(rotations, order)).rejects.toThrow(
      'Cannot rotate "openmetadata-ingestion-client-secret" (vault-forbidden), "openmetadata-bot-token" (internal-error): the log of this run says why',
    );
    expect(told).toHaveLength(3);
  });

  it("fails with none where none failed", async () => {
    const { rotations } = company({ credential: "ingestion-client-secret" }, { credential: "bot-token" });
    await expect(rotateAll(rotations, order)).resolves.toBeUndefined();
  });
});
