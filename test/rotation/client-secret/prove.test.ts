import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../../shared/errors.ts";
import { PROOF_SIGN_INS, PROOF_SPACING } from "../../../shared/limits.ts";
import { prove } from "../../../shared/rotation/client-secret/prove.ts";
import { on } from "./planned.ts";

type Answer = "signed-in" | "unknown-secret" | "expired-secret" | Error;
const yes = (times: number): Answer[] => Array(times).fill("signed-in");
const unreachable = new UpstreamError("Entra does not answer", { service: "Entra", status: 503 });

/** Proves against Entra's answers, the last one for good, in as many seconds. */
async function proof(answers: Answer[], seconds = 600) {
  const start = on("2026-02-01").getTime();
  let time = start;
  let tried = 0;
  const pauses: number[] = [];
  const ports = {
    now: () => new Date(time),
    wait: async (milliseconds: number) => {
      pauses.push(milliseconds);
      time += milliseconds;
    },
    async signIn() {
      const answer = answers[Math.min(tried++, answers.length - 1)] ?? "unknown-secret";
      if (answer instanceof Error) throw answer;
      return { kind: answer };
    },
  };
  const endsOn = new Date(start + seconds * 1000);
  const found = await prove(ports, { appId: "app", value: "value", endsOn });
  return { ...found, tried, pauses, took: time - start };
}

describe("prove()", () => {
  it("believes a secret that signs in several times in a row, with time between for the replicas", async () => {
    expect(await proof(yes(1))).toMatchObject({
      kind: "proven",
      refusals: 0,
      tried: PROOF_SIGN_INS,
      pauses: Array(PROOF_SIGN_INS - 1).fill(PROOF_SPACING),
    });
  });

  it("begins to count anew after each refusal", async () => {
    const answers: Answer[] = [...yes(PROOF_SIGN_INS - 1), "unknown-secret", "signed-in"];
    expect(await proof(answers)).toMatchObject({ kind: "proven", refusals: 1, tried: 2 * PROOF_SIGN_INS });
  });

  it("takes an Entra that does not answer for a refusal", async () => {
    const answers: Answer[] = [...yes(PROOF_SIGN_INS - 1), unreachable, "signed-in"];
    expect(await proof(answers)).toMatchObject({ kind: "proven", refusals: 1, tried: 2 * PROOF_SIGN_INS });
  });

  it("waits no longer than it may, and says how far it came", async () => {
    expect(await proof(["unknown-secret"], 60)).toMatchObject({
      kind: "waiting",
      because: "Entra does not accept the new secret yet (unknown-secret)",
    });
    expect((await proof(["unknown-secret"], 60)).took).toBeLessThanOrEqual(60_000);
    expect(await proof(yes(1), 3)).toMatchObject({
      kind: "waiting",
      because: `2 of ${PROOF_SIGN_INS} sign-ins succeeded so far`,
    });
    expect(await proof([unreachable], 3)).toMatchObject({ kind: "waiting", because: "Entra does not answer" });
  });

  it("fails where no waiting helps", async () => {
    await expect(proof([new TypeError("broken")])).rejects.toThrow("broken");
  });
});
