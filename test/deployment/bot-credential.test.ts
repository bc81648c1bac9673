import { describe, expect, it } from "vitest";
import { chooseBotCredential } from "../../shared/deployment/bot-credential.ts";

describe("chooseBotCredential()", () => {
  it.each([
    ["0.11.5", "refused"],
    ["0.12.0", "refused"],
    ["0.12.1", "sso"],
    ["0.13.3", "sso"],
    ["1.0.0", "sso"],
    ["1.2.5", "sso"],
    ["1.2.5-SNAPSHOT", "sso"],
    ["1.3.0", "jwt"],
    ["1.3.0-rc1", "jwt"],
    ["1.5.13", "jwt"],
    ["1.12.3", "jwt"],
    ["2.0.0", "jwt"],
    ["unknown", "refused"],
    ["", "refused"],
  ])("chooses for OpenMetadata %s: %s", (version, kind) => {
    expect(chooseBotCredential(version, "auto").kind).toBe(kind);
  });

  it("says why, by the version as the server gave it", () => {
    const why = (version: string, forced: "auto" | "sso" | "jwt" = "auto") =>
      chooseBotCredential(version, forced).because;
    expect(why("1.2.5")).toBe("OpenMetadata 1.2.5 signs bots in with Azure SSO");
    expect(why("1.5.13")).toBe("OpenMetadata 1.5.13 does not support Azure client secrets for bots");
    expect(why("0.12.0")).toBe("OpenMetadata 0.12.0 cannot set a bot's credential by REST; 0.12.1 and later can");
    expect(why("unknown")).toBe('cannot parse OpenMetadata version "unknown"');
    expect(why("1.5.13", "sso")).toBe(
      'BOT_CREDENTIAL is "sso", but OpenMetadata 1.5.13 does not support Azure client secrets for bots and may overwrite the bot\'s token with it',
    );
    expect(why("1.2.5", "jwt")).toBe("BOT_CREDENTIAL says so");
    expect(why("unknown", "jwt")).toBe("BOT_CREDENTIAL says so");
  });

  it.each([
    [" 1.2.5", "sso"],
    ["10.2", "jwt"],
    ["1.2", "sso"],
    ["0.12.10", "sso"],
    ["v1.2.5", "refused"],
  ])("reads %s as %s", (version, kind) => {
    expect(chooseBotCredential(version, "auto").kind).toBe(kind);
  });

  it("refuses to force what the release has no use for, with the reason", () => {
    expect(chooseBotCredential("1.5.13", "sso")).toMatchObject({
      kind: "refused",
      code: "openmetadata-release-unsupported",
    });
    expect(chooseBotCredential("unknown", "sso")).toMatchObject({ code: "openmetadata-version-unknown" });
    for (const version of ["1.3.0", "1.3.0-rc1", "1.6.0-SNAPSHOT", "1.12.6", "2.0.0"]) {
      for (const forced of ["auto", "sso", "jwt"] as const) {
        expect(chooseBotCredential(version, forced).kind).not.toBe("sso");
      }
    }
    expect(chooseBotCredential("1.2.5", "sso").kind).toBe("sso");
    expect(chooseBotCredential("unknown", "sso").kind).toBe("refused");
  });

  it("lets a token be forced", () => {
    expect(chooseBotCredential("1.2.5", "jwt").kind).toBe("jwt");
    expect(chooseBotCredential("unknown", "jwt").kind).toBe("jwt");
  });
});
