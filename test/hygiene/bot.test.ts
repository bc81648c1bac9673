import { describe, expect, it } from "vitest";
import { botFindings } from "../../shared/hygiene/bot.ts";

describe("botFindings()", () => {
  const bot = { name: "ingestion-bot", authType: "SSO" };

  it("tells of a client secret in a bot from 1.3 on", () => {
    expect(botFindings(bot, [1, 3, 0])).toMatchObject([{ kind: "sso-ignored", severity: "critical" }]);
    expect(botFindings(bot, [1, 2, 9])).toEqual([]);
    expect(botFindings(bot, undefined)).toEqual([]);
    expect(botFindings({ ...bot, authType: "JWT" }, [1, 12, 3])).toEqual([]);
  });
});
