import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { MISSING } from "./runner.ts";

const filter = fileURLToPath(new URL("../../.github/actions/call/red.jq", import.meta.url));

/** What is red in an answer without deployments. */
function red(engine: object): string[] {
  const input = JSON.stringify({ on: "2031-01-01T12:00:00Z", engine, deployments: [] });
  const { stdout, stderr } = spawnSync("jq", ["-r", "--from-file", filter], { input, encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter(Boolean);
}

describe.skipIf(MISSING.length > 0)("the morning's status is red", () => {
  it("where the timer is silent, or work has failed for good", () => {
    const timer = { silent: true, hint: "Restart\nthe app" };
    expect(red({ timer, queue: { messages: 0, poisoned: 2, hint: "See docs/queues.md" } })).toEqual([
      "the app: the timer has not run when it should. Restart the app",
      "the app: 2 messages of its work have failed for good. See docs/queues.md",
    ]);
  });

  it("where the app cannot see either, and not where all is well", () => {
    expect(red({ error: "Cannot read the queue", hint: "Grant it" })).toEqual([
      "the app: cannot read the app's timer and queue: Cannot read the queue. Grant it",
    ]);
    expect(red({ timer: { silent: false }, queue: { messages: 9, poisoned: 0 } })).toEqual([]);
  });
});
