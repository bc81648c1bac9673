import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../shared/errors.ts";
import { untilUp } from "../../shared/rotation/not-up.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { type Rotated, summarize } from "../../shared/rotation/summary.ts";
import { held, on } from "./client-secret/planned.ts";

const rotated = (credential: string, outcome: Partial<Outcome>, issuedBefore?: Date): Rotated => ({
  rotation: { credential, name: `blue-${credential}` } as Rotation,
  outcome: { steps: [], converged: true, later: [], current: undefined, ...outcome },
  issuedBefore,
});
const step = (kind: "issue" | "push") => ({ kind, because: "due", target: "id", state: "done" }) as const;
const later = (day: string) => ({ kind: "confirm", target: "id", on: on(day) }) as const;

describe("the answer to a call", () => {
  it("tells the steps of all, whose each was, and what comes, the soonest first", () => {
    const answer = summarize([
      rotated("bot-token", { steps: [step("issue")], later: [later("2026-03-02"), later("2026-03-04")] }),
      rotated("ingestion-client-secret", { steps: [step("push")], later: [later("2026-03-03")] }),
    ]);
    expect(answer.steps).toEqual([
      { credential: "bot-token", ...step("issue") },
      { credential: "ingestion-client-secret", ...step("push") },
    ]);
    expect(answer.later.map(({ credential, on: day }) => [credential, day.getUTCDate()])).toEqual([
      ["bot-token", 2],
      ["ingestion-client-secret", 3],
      ["bot-token", 4],
    ]);
    expect(answer.converged).toBe(true);
    for (const field of ["waitingFor", "issuedBefore"]) expect(answer).not.toHaveProperty(field);
  });

  it("is done when all are, and until then says what each waits for", () => {
    const waits = (waitingFor: string) => rotated("bot-token", { converged: false, waitingFor });
    expect(summarize([rotated("bot-token", {}), waits("Entra")])).toMatchObject({
      converged: false,
      waitingFor: "Entra",
    });
    expect(summarize([waits("Entra"), waits("pipelines")])).toMatchObject({ waitingFor: "Entra; pipelines" });
  });

  it("carries the earliest moment that the ask came to mean, with which a repeat goes on", () => {
    const all = [undefined, on("2026-03-03"), on("2026-03-02"), on("2026-03-04")];
    expect(summarize(all.map((moment) => rotated("bot-token", {}, moment))).issuedBefore).toBe(
      "2026-03-02T00:00:00.000Z",
    );
  });

  it("tells of each what is current by its ids and dates, never a value", () => {
    const credentials = (outcome: Partial<Outcome>) => summarize([rotated("bot-token", outcome)]).result.credentials;
    const about = { credential: "bot-token", secret: "blue-bot-token" };
    expect(credentials({ current: held() })).toEqual([
      {
        ...about,
        keyId: "old",
        version: "v1",
        expiresOn: on("2026-04-01"),
        provenOn: on("2026-01-01"),
        deliveredOn: on("2026-01-01"),
        confirmedOn: on("2026-01-01T01:00:00"),
        delivery: "verified",
      },
    ]);
    expect(credentials({ current: held({ readUntil: on("2026-01-02") }) })).toMatchObject([{ delivery: "assumed" }]);
    expect(credentials({ current: held({ deliveredOn: undefined }) })[0]).toHaveProperty("delivery", undefined);
    expect(credentials({})).toEqual([about]);
    expect(credentials({ unused: "there is no bot" })).toEqual([
      { credential: "bot-token", unused: "there is no bot" },
    ]);
  });
});

describe("a delivery to a server that was never started", () => {
  const failure = (status: number) => new UpstreamError("no answer", { service: "OpenMetadata", status });

  it.each([0, 503])("waits, and says that it can be started (status %i)", async (status) => {
    expect(await untilUp("blue-secret", Promise.reject(failure(status)))).toEqual({
      state: "waiting",
      code: "openmetadata-not-up",
      detail: 'OpenMetadata does not answer yet; it can be started with the secret in "blue-secret": no answer',
    });
  });

  it("fails as it does where the server answers, and where it is another one", async () => {
    const others = [failure(400), new UpstreamError("no", { service: "Entra", status: 0 }), new TypeError("broken")];
    for (const other of others) await expect(untilUp("n", Promise.reject(other))).rejects.toBe(other);
    expect(await untilUp("n", Promise.resolve({ state: "done", detail: "d" }))).toEqual({ state: "done", detail: "d" });
  });
});
