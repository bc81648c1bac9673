import { describe, expect, it } from "vitest";
import { takenByNpm } from "../../scripts/command-line.ts";

const OPTIONS = ["identity", "no-api", "dry-run", "prefix"];
const taken = (env: Record<string, string>, ...given: string[]) =>
  takenByNpm(OPTIONS, { argv: ["node", "main.ts", ...given], env: { npm_lifecycle_event: "permit", ...env } } as never);

describe("options that npm took for itself, as its script for PowerShell lets it", () => {
  it("are refused, with what to type instead: a dry run would change things", () => {
    expect(taken({ npm_config_dry_run: "true" })).toBe(
      "npm took --dry-run for itself; in PowerShell put the dashes before it in quotes: npm run permit '--' --dry-run",
    );
    expect(taken({ npm_config_identity: "true" }, "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11")).toContain("--identity");
    expect(taken({ npm_config_api: "", npm_config_dry_run: "true" })).toContain("--no-api, --dry-run for");
  });

  it("are none where they came through, or npm sets something of that name in any case", () => {
    expect(taken({})).toBeUndefined();
    expect(taken({ npm_config_dry_run: "true" }, "--dry-run")).toBeUndefined();
    expect(taken({ npm_config_identity: "x" }, "--identity=x")).toBeUndefined();
    expect(taken({ npm_config_prefix: "/usr", npm_config_noproxy: "" })).toBeUndefined();
  });
});
