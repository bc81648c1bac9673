import { describe, expect, it } from "vitest";
import { ContinuableError, NotYetError, StalledError, UpstreamError } from "../../shared/errors.ts";
import { PROBLEMS } from "../../shared/problems/problems.ts";
import { answerError, converging, json, text } from "../../shared/triggers/answer.ts";

describe("an answer", () => {
  it("is 202 until all is done, and says how long to wait; a dry run is 200", () => {
    expect(converging({ converged: false }, false)).toMatchObject({ status: 202, headers: { "retry-after": "10" } });
    expect(converging({ converged: false }, false, 45)).toMatchObject({ headers: { "retry-after": "45" } });
    expect(converging({ converged: true }, false)).toMatchObject({ status: 200 });
    expect(converging({ converged: false }, true)).toMatchObject({ status: 200 });
  });

  it("is kept by nobody on its way", () => {
    const all = [json(200, {}), text(200, "", "text/plain"), converging({ converged: false }, false)];
    for (const answer of [...all, answerError(new TypeError("x"))]) {
      expect(answer.headers).toMatchObject({ "cache-control": "no-store" });
    }
  });
});

describe("an error", () => {
  const asked = (retryAfterSeconds: number) =>
    new UpstreamError("Cannot read", { service: "Entra", status: 503, retryAfterSeconds });

  it("that time alone mends is 202, with the time that it takes", () => {
    const error = new NotYetError("replication-pending", "not yet", { retryAfterSeconds: 15 });
    expect(answerError(error)).toMatchObject({
      status: 202,
      headers: { "retry-after": "15" },
      jsonBody: { converged: false, waitingFor: "not yet", code: "replication-pending" },
    });
  });

  it("of a service that may answer later says when to come back, ten seconds at least", () => {
    expect(answerError(asked(600))).toMatchObject({ status: 503, headers: { "retry-after": "600" } });
    expect(answerError(asked(0))).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
  });

  it("is problem details: its type, title and status by its code, then what failed and what to do", () => {
    const answer = answerError(new StalledError("bot-missing", "Cannot push", { hint: "create it" }));
    expect(answer.jsonBody).toEqual({
      type: "urn:openmetadata-entra:problem:bot-missing",
      title: PROBLEMS["bot-missing"].title,
      status: 409,
      detail: "Cannot push",
      code: "bot-missing",
      hint: "create it",
    });
    expect(answer).toMatchObject({ status: 409, headers: { "content-type": "application/problem+json" } });
  });

  it("that a person must mend says not when, but what", () => {
    const [permissions, adminConsentUrls] = [["Application.ReadWrite.OwnedBy"], ["https://consent"]];
    const stalled = new StalledError("bot-missing", "Cannot", { permissions, adminConsentUrls });
    const refused = new UpstreamError("Cannot", { service: "Entra", status: 400, serviceCode: "AADSTS7" });
    expect(answerError(stalled).jsonBody).toMatchObject({ permissions, adminConsentUrls });
    expect(answerError(stalled).jsonBody).not.toHaveProperty("upstream");
    expect(answerError(refused).jsonBody).toMatchObject({
      upstream: { service: "Entra", status: 400, code: "AADSTS7" },
    });
    for (const error of [stalled, refused]) expect(answerError(error).headers).not.toHaveProperty("retry-after");
  });

  it("of our own code keeps its text to itself, and sends to the log", () => {
    const { jsonBody } = answerError(new TypeError("at line 7"));
    expect(JSON.stringify(jsonBody)).not.toContain("at line 7");
    expect(jsonBody).toMatchObject({ code: "internal-error", detail: "An unexpected failure; see the log" });
    expect(jsonBody).toMatchObject({ hint: PROBLEMS["internal-error"].hint });
  });

  it("amid what can be continued tells the moment to send again, and what is left", () => {
    const on = "2026-01-01T00:00:00.000Z";
    expect(answerError(new ContinuableError(asked(0), on, ["key-1"]))).toMatchObject({
      status: 503,
      jsonBody: { issuedBefore: on, left: ["key-1"] },
    });
    const done = answerError(new ContinuableError(asked(0), on, [])).jsonBody;
    expect(done).toMatchObject({ issuedBefore: on });
    expect(done).not.toHaveProperty("left");
  });
});
