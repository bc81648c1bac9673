import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answers, refuses } from "../../proof/strikes/strike.ts";
import { openApp } from "../app/app.ts";
import { actionStep } from "./github.ts";
import { MISSING, type Runner, startRunner } from "./runner.ts";

/** The pipeline consents, but the app may not. */
const app = openApp({
  graphPermissions: ["Application.ReadWrite.OwnedBy"],
  settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" },
});
let runner: Runner;

beforeAll(async () => {
  runner = await startRunner(app().clock);
});

afterAll(() => runner.close());

async function call(name: string, more: Record<string, string> = {}) {
  runner.token = more.token ?? (await app().cloud.callerToken(["Automation.Run"]));
  const { token: _, ...inputs } = more;
  const step = await actionStep({ url: app().host.url, audience: app().cloud.app.audience, call: name, ...inputs });
  const ended = await runner.run(step);
  expect(ended.said).not.toContain(runner.token);
  return ended;
}

const GRAPH = { service: "graph" } as const;
const BUSY = { status: 503, body: { error: { code: "Busy", message: "busy" } }, headers: { "retry-after": "70" } };

describe.skipIf(MISSING.length > 0)("a call that is refused", () => {
  it("with 503 is repeated when the app says, until it goes well", async () => {
    const { faults } = app().cloud.wire;
    faults.push(answers(GRAPH, BUSY));
    app().clock.at(new Date(app().clock.now().getTime() + 3 * 60_000), () => void faults.splice(0));
    const { code, said, waits } = await call("provision");
    expect(said).toMatch(/POST \/api\/provision answered 503: Cannot .+ 503.*\. Trying again in 70 s\n/);
    expect(said).toMatch(/"converged": true/);
    expect(waits.length).toBeGreaterThan(0);
    expect(new Set(waits)).toEqual(new Set([70]));
    expect(code).toBe(0);
  });

  it("for longer than it may wait ends when the next pause would be too long, with the reason", async () => {
    const { faults } = app().cloud.wire;
    faults.push(refuses(GRAPH));
    try {
      const { code, said, waits } = await call("provision", { wait: "1" });
      expect(waits.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(60);
      expect(said).toMatch(
        /\n::error::POST \/api\/provision: gave up: waiting 10 s more would exceed WAIT_MINUTES \(1\)\. Last answer 503: .*does not answer.*\n$/,
      );
      expect(code).toBe(1);
    } finally {
      faults.splice(0);
    }
  });

  it("because a person must act shows what failed, what to do and the links, and is not repeated", async () => {
    const { code, said, waits } = await call("consent");
    expect(said).toMatch(/^detail: .*lacks/m);
    expect(said).toMatch(/^code: {3}consent-forbidden$/m);
    expect(said).toMatch(/^ {8}az rest --method POST .*appRoleAssignments/m);
    expect(said).toMatch(/"adminConsentUrls": \[\n/);
    expect(said).toMatch(/^::error::POST \/api\/consent answered 409: .*lacks/m);
    expect({ code, waits }).toEqual({ code: 1, waits: [] });
  });

  it("for want of the role, or of a good token, tells what to assign", async () => {
    const reader = await app().cloud.callerToken(["Automation.Read"]);
    const { code, said } = await call("rotate", { token: reader });
    expect(said).toMatch(/^hint: {3}Assign the app role "Automation\.Run"/m);
    expect(code).toBe(1);
    expect((await call("status", { token: "not.a.token" })).said).toMatch(
      /^::error::GET \/api\/status answered 401: /m,
    );
  });
});
