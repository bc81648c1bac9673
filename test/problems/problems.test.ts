import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  ContinuableError,
  codeOf,
  NotYetError,
  SettingsError,
  StalledError,
  UpstreamError,
} from "../../shared/errors.ts";
import { PROBLEMS, type ProblemCode, problemType } from "../../shared/problems/problems.ts";
import { answerError } from "../../shared/triggers/answer.ts";
import { problemsPage } from "./page.ts";

const codes = Object.keys(PROBLEMS) as ProblemCode[];
const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

describe("the list of problems", () => {
  it.each(codes)("%s is kebab-case, and says what it means and what to do", (code) => {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    const { title, means, hint } = PROBLEMS[code];
    for (const text of [title, means, hint]) expect(text).toMatch(/^[A-Z][^\n]{9,300}[^.]$/);
    expect(title.length).toBeLessThan(80);
  });

  it("stands in docs/problems.md, entry for entry", async () => {
    await expect(problemsPage()).toMatchFileSnapshot("../../docs/problems.md");
    for (const code of codes) expect(problemsPage()).toContain(`\n### ${code}\n`);
  });

  it("is what README links to: no code that there is not", () => {
    const linked = [...read("README.md").matchAll(/docs\/problems\.md#([\w-]+)/g)].map(([, code = ""]) => code);
    expect(linked.length).toBeGreaterThan(10);
    expect(linked.filter((code) => !(code in PROBLEMS))).toEqual([]);
  });
});

describe("answerError()", () => {
  const bodyOf = (error: unknown) => answerError(error).jsonBody;
  const headersOf = (error: unknown) => answerError(error).headers;

  it("answers by the code: type, title and status of the list, the error's own words", () => {
    const error = new StalledError("bot-missing", "Cannot push: no such bot", { hint: "Set BOT_NAME" });
    expect(answerError(error)).toMatchObject({
      status: 409,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      jsonBody: {
        type: problemType("bot-missing"),
        title: PROBLEMS["bot-missing"].title,
        status: 409,
        detail: "Cannot push: no such bot",
        code: "bot-missing",
        hint: "Set BOT_NAME",
      },
    });
  });

  it("gives the hint of the list where the error knows no better one", () => {
    expect(bodyOf(new SettingsError(["X is missing"]))).toMatchObject({ hint: PROBLEMS["settings-invalid"].hint });
  });

  it("tells the service and its own code, and when to ask again", () => {
    const facts = { service: "Microsoft Graph", status: 429, serviceCode: "TooMany", retryAfterSeconds: 30 } as const;
    const error = new UpstreamError("Cannot x", facts);
    expect(bodyOf(error)).toMatchObject({ upstream: { service: "Microsoft Graph", status: 429, code: "TooMany" } });
    expect(headersOf(error)).toMatchObject({ "retry-after": "30" });
    expect(headersOf(new UpstreamError("x", { service: "Entra", status: 0 }))).toMatchObject({ "retry-after": "10" });
    expect(headersOf(new UpstreamError("x", { service: "Entra", status: 400 }))).not.toHaveProperty("retry-after");
  });

  it("answers what must be waited for with 202 and the code", () => {
    const error = new NotYetError("replication-pending", "Cannot go on yet", { retryAfterSeconds: 15 });
    expect(answerError(new ContinuableError(error, "2026-01-01T00:00:00Z"))).toMatchObject({
      status: 202,
      headers: { "retry-after": "15" },
      jsonBody: {
        converged: false,
        waitingFor: "Cannot go on yet",
        code: "replication-pending",
        issuedBefore: "2026-01-01T00:00:00Z",
      },
    });
  });

  it("tells of a failure of our own nothing but its code", () => {
    const answer = answerError(new ContinuableError(new TypeError("secret"), "2026-01-01T00:00:00Z"));
    expect(answer).toMatchObject({
      status: 500,
      jsonBody: { code: "internal-error", issuedBefore: "2026-01-01T00:00:00Z" },
    });
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(codeOf("not even an Error")).toBe("internal-error");
  });

  it("keeps the cause, where no answer shows it", () => {
    const cause = new Error("what the service said");
    const error = new StalledError("vault-forbidden", "Cannot read", { cause });
    expect(error.cause).toBe(cause);
    expect(JSON.stringify(answerError(error))).not.toContain(cause.message);
  });
});
