import { describe, expect, it } from "vitest";
import { DAY } from "../../../shared/limits.ts";
import { withinTenantPolicy } from "../../../shared/rotation/client-secret/tenant-policy.ts";
import { on, policy } from "./planned.ts";

const now = on("2026-01-01");
const wanted = on("2026-04-01");
const ask = (limits: Parameters<typeof withinTenantPolicy>[1]) => withinTenantPolicy(wanted, limits, { policy, now });

describe("withinTenantPolicy()", () => {
  it("allows what is wanted where no policy can be read, or none limits it", () => {
    expect(ask(undefined)).toEqual({ kind: "allowed", expiresOn: wanted });
    expect(ask({ forbidden: false, longestLife: undefined })).toEqual({ kind: "allowed", expiresOn: wanted });
    expect(ask({ forbidden: false, longestLife: 90 * DAY })).toEqual({ kind: "allowed", expiresOn: wanted });
  });

  it("clamps the life to ten minutes less than the cap, since clocks differ", () => {
    expect(ask({ forbidden: false, longestLife: 60 * DAY })).toEqual({
      kind: "allowed",
      expiresOn: on("2026-03-01T23:50:00"),
    });
  });

  // 30 days of renewal, 7 of overlap, 1 of staging, and 1 to deliver, confirm and retire.
  it("refuses a cap that leaves no time to retire one before the next is issued", () => {
    expect(ask({ forbidden: false, longestLife: 39 * DAY })).toMatchObject({ kind: "allowed" });
    expect(ask({ forbidden: false, longestLife: 39 * DAY - 1 })).toMatchObject({
      kind: "refused",
      because: expect.stringMatching(/38 days, .* 39$/),
      hint: expect.stringContaining("Lower SECRET_RENEW_BEFORE_DAYS"),
    });
  });

  it("refuses where client secrets are forbidden, whatever their life", () => {
    expect(ask({ forbidden: true, longestLife: 900 * DAY })).toMatchObject({
      kind: "refused",
      because: expect.stringContaining("forbids"),
      hint: expect.stringContaining("Exempt the application"),
    });
  });
});
