import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SETTING_NAMES } from "../../shared/deployment/settings.ts";

const { withoutProxy } = await import(new URL("../../scripts/loopback.mjs", import.meta.url).href);
const run = fileURLToPath(new URL("../../scripts/run.mjs", import.meta.url));
const LOOPBACK = "localhost,.localhost,127.0.0.1";

describe("behind a proxy", () => {
  it.each<[what: string, env: Record<string, string>, hosts: string]>([
    ["nothing else", {}, LOOPBACK],
    ["what the shell leaves out", { NO_PROXY: "intra.example, 10.0.0.1" }, `intra.example,10.0.0.1,${LOOPBACK}`],
    ["what it names in small letters, as curl reads it", { NO_PROXY: "a", no_proxy: "b" }, `b,${LOOPBACK}`],
    ["nothing twice", { NO_PROXY: "localhost" }, LOOPBACK],
  ])("loopback is asked directly, and %s", (_, env, hosts) => {
    expect(withoutProxy(env)).toEqual({ NO_PROXY: hosts, no_proxy: hosts });
  });

  it("every command that is started by run.mjs knows that", () => {
    const env = { PATH: process.env.PATH, HTTPS_PROXY: "http://127.0.0.1:9" };
    const print = ["-p", "[process.env.NO_PROXY, process.env.no_proxy, process.env.HTTPS_PROXY].join()"];
    const { stdout } = spawnSync(process.execPath, [run, "node", ...print], { encoding: "utf8", env });
    expect(stdout).toBe(`${LOOPBACK},${LOOPBACK},http://127.0.0.1:9\n`);
  });
});

it("tests see no setting of the shell, and ask loopback directly", () => {
  expect(SETTING_NAMES.filter((name) => name in process.env)).toEqual([]);
  expect(process.env.NO_PROXY).toContain(LOOPBACK);
});
