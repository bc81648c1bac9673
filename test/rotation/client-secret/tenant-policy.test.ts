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
    expect(ask({ forbidden: false, longestLife: 90 * DAY - 1 })).not.toEqual({ kind: "allowed", expiresOn: wanted });
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

  it("keeps to a cap that may not count for the app where that leaves time, and else asks for what is wanted", () => {
    const spared = { forbidden: false, sparesSome: true };
    expect(ask({ ...spared, longestLife: 39 * DAY })).toEqual({
      kind: "allowed",
      expiresOn: on("2026-02-08T23:50:00"),
    });
    expect(ask({ ...spared, longestLife: 39 * DAY - 1 })).toEqual({ kind: "allowed", expiresOn: wanted });
    expect(ask({ ...spared, sparesSome: false, longestLife: 39 * DAY - 1 })).toMatchObject({ kind: "refused" });
  });

  it("names what is allowed, what is needed, and each setting that can be lowered", () => {
    expect(ask({ forbidden: false, longestLife: 20.5 * DAY })).toEqual({
      kind: "refused",
      because:
        "a tenant policy (application management) limits client secrets to 20 days, but these settings need at least 39",
      hint: "Lower SECRET_RENEW_BEFORE_DAYS or SECRET_OVERLAP_DAYS (both, SECRET_STAGE_AHEAD_HOURS and one day must fit into the limit), or exempt the application from the policy",
    });
  });

  it("refuses where client secrets are forbidden, whatever their life", () => {
    expect(ask({ forbidden: true, longestLife: 900 * DAY })).toEqual({
      kind: "refused",
      because: "a tenant policy (application management) forbids client secrets",
      hint: "Exempt the application from the application management policy",
    });
  });
});
