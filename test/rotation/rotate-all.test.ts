import { describe, expect, it } from "vitest";
import type { CredentialKind } from "../../shared/deployment/credentials.ts";
import { StalledError } from "../../shared/errors.ts";
import type { Order } from "../../shared/rotation/order.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { rotateAll, rotateEach } from "../../shared/rotation/rotate-all.ts";
import { on, policy } from "./client-secret/planned.ts";

const IDLE: Outcome = { steps: [], converged: true, later: [], current: undefined };
const STEP = { kind: "push", because: "not delivered", target: "one", state: "done" } as const;

/** Rotations on one clock; each takes so many seconds, then answers or throws. */
function company(...members: { credential: CredentialKind; seconds?: number; answer?: Outcome | Error }[]) {
  let time = on("2026-01-01").getTime();
  const told: string[] = [];
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
      log: (line) => void told.push(line),
    };
  });
  return { rotations, told };
}
const order = { policy, beganOn: on("2026-01-01"), endsOn: on("2026-01-01T00:02:30") };
const each = (members: Parameters<typeof company>, more: { dryRun?: boolean; named?: boolean } = {}) => {
  const { rotations, told } = company(...members);
  const report = (line: string) => void told.push(line);
  return { told, rotated: rotateEach(rotations, { ...order, dryRun: false, named: false, ...more }, report) };
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

  it("throws the first failure when all had their turn, and reports the others", async () => {
    const { told, rotated } = each([
      { credential: "ingestion-client-secret", answer: new Error("first") },
      {
        credential: "server-client-secret",
        answer: new StalledError("vault-forbidden", "second", { hint: "mend it" }),
      },
      { credential: "bot-token" },
    ]);
    await expect(rotated).rejects.toThrow("first");
    expect(told.filter((line) => !line.startsWith("rotate "))).toEqual([
      'rotation of "openmetadata-server-client-secret" failed (vault-forbidden): second. mend it',
    ]);
    expect(told).toContainEqual(expect.stringMatching(/^rotate bot-token/));
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
      message: expect.stringContaining("the bot signs in otherwise"),
    });
    expect(await each(useless).rotated).toHaveLength(1);
    expect(await each([{ credential: "bot-token" }], { named: true }).rotated).toHaveLength(1);
  });
});

describe("rotateAll()", () => {
  const all = async (...members: Parameters<typeof company>) => {
    const { rotations, told } = company(...members);
    const failure = await rotateAll(rotations, order, (line) => void told.push(line)).catch((error: unknown) => error);
    return { failure, told: told.filter((line) => !line.startsWith("rotate ")) };
  };

  it("says of each that nothing is to do, and what comes next", async () => {
    const later = [{ kind: "issue", on: on("2026-03-02"), target: "x" } as const];
    expect(
      await all({ credential: "ingestion-client-secret", answer: { ...IDLE, later } }, { credential: "bot-token" }),
    ).toEqual({
      failure: undefined,
      told: [
        'rotation of "openmetadata-ingestion-client-secret": nothing to do; next: issue on 2026-03-02T00:00:00.000Z',
        'rotation of "openmetadata-bot-token": nothing to do',
      ],
    });
  });

  it("says nothing of one that has done something, nor of one that is of no use", async () => {
    const { told } = await all(
      { credential: "server-client-secret", answer: { ...IDLE, steps: [STEP] } },
      { credential: "bot-token", answer: { ...IDLE, unused: "not here" } },
    );
    expect(told).toEqual([]);
  });

  it("fails at the end, naming each that failed, with its hint where it has one", async () => {
    const { failure, told } = await all(
      {
        credential: "ingestion-client-secret",
        answer: new StalledError("vault-forbidden", "one", { hint: "mend it" }),
      },
      { credential: "server-client-secret" },
      { credential: "bot-token", answer: new Error("two") },
    );
    expect(told).toEqual([
      'rotation of "openmetadata-server-client-secret": nothing to do',
      'rotation of "openmetadata-ingestion-client-secret" failed (vault-forbidden): one. mend it',
      'rotation of "openmetadata-bot-token" failed (internal-error): two',
    ]);
    expect(failure).toMatchObject({
      message:
        'Cannot rotate "openmetadata-ingestion-client-secret" (vault-forbidden), "openmetadata-bot-token" (internal-error): see the lines above',
    });
  });
});
