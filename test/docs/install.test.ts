import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../journey/setting.ts";
import { openApp } from "../app/app.ts";
import { type Ended, MISSING, type Runner, startRunner } from "../pipelines/runner.ts";

const app = openApp({ flow: "auth-code", release: "1.12.6" });
let runner: Runner;
beforeAll(async () => {
  runner = await startRunner(app().clock);
  runner.token = await app().cloud.callerToken(["Automation.Run"]);
});
afterAll(() => runner.close());

/** The calls of docs/install.md, in its order, as they stand there. */
const calls = readFileSync(`${root}docs/install.md`, "utf8").match(/^CALL=.*call\.sh$/gm) ?? [];

function type(line: string | undefined): Promise<Ended> {
  if (line === undefined) throw new Error("docs/install.md has no such line");
  const env = { APP_URL: app().host.url, API_AUDIENCE: app().cloud.app.audience };
  return runner.run({ name: line, script: { text: line }, env, cwd: root }, "shell");
}

describe.skipIf(MISSING.length > 0)("docs/install.md, line by line", () => {
  it("has the calls that a first run needs", () => {
    expect(calls.map((line) => /CALL='?(\w+)/.exec(line)?.[1])).toEqual([
      "provision",
      "configuration",
      "rotate",
      "consent",
      "rotate",
      "harden",
      "status",
    ]);
  });

  it("provisions, and prints the configuration, while OpenMetadata does not run yet", async () => {
    app().cloud.wire.faults.push(({ service }) => (service === "openmetadata" ? { kind: "refuse" } : undefined));
    expect(await type(calls[0])).toMatchObject({ code: 0 });
    const configuration = await type(calls[1]);
    expect(configuration).toMatchObject({ code: 0, said: expect.stringContaining("OIDC_CLIENT_SECRET") });
    expect(configuration.said).toContain(app().cloud.app.objectId);
  });

  it("makes the server's client secret before that, though the call cannot end well", async () => {
    expect(await type(calls[2])).toMatchObject({ code: 1 });
    expect(app().latest("openmetadata-server-client-secret")?.tags).toMatchObject({ provenOn: expect.any(String) });
  });

  it("consents and rotates once OpenMetadata runs, and looks at what to harden", async () => {
    app().cloud.wire.faults.splice(0);
    for (const line of calls.slice(3, 5)) expect(await type(line), line).toMatchObject({ code: 0 });
    await type(calls[5]);
    expect(app().latest("openmetadata-bot-token")?.tags).toMatchObject({ deliveredOn: expect.any(String) });
  });
});
