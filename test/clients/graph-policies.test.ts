import { describe, expect, it } from "vitest";
import type { Graph, GraphRequest } from "../../shared/clients/graph/graph.ts";
import { secretLimits } from "../../shared/clients/graph/policies.ts";
import { UpstreamError } from "../../shared/errors.ts";

const DAY = 86_400_000;
const CREATED = new Date("2031-03-03T12:00:00Z");
const lifetime = (maxLifetime: string, more: object = {}) => ({
  restrictionType: "passwordLifetime",
  maxLifetime,
  ...more,
});
const addition = (more: object = {}) => ({ restrictionType: "passwordAddition", ...more });
const spares = { excludeActors: { customSecurityAttributes: [{}] } };
const of = (...passwordCredentials: object[]) => ({ passwordCredentials });
const tenant = (...found: object[]) => ({ isEnabled: true, applicationRestrictions: of(...found) });
const assigned = (...found: object[]) => ({ isEnabled: true, restrictions: of(...found) });

/** What applies to an application with these policies. */
function limits(ofTenant: object, ...own: object[]) {
  const graph = {
    get: async ({ path }: GraphRequest) =>
      path === "/policies/defaultAppManagementPolicy"
        ? ofTenant
        : path === "/applications/object-1/appManagementPolicies" && { value: own },
  } as Graph;
  return secretLimits(graph)("object-1", CREATED);
}
const NONE = { forbidden: false, longestLife: undefined, sparesSome: false };

describe("what a tenant allows for client secrets", () => {
  it.each<[what: string, found: Promise<unknown>, limit: object]>([
    ["everything, without a policy", limits({}), NONE],
    ["everything, where its policy is off", limits({ ...tenant(addition()), isEnabled: false }), NONE],
    ["none at all", limits(tenant(addition())), { ...NONE, forbidden: true }],
    ["a life of 180 days", limits(tenant(lifetime("P180D"))), { ...NONE, longestLife: 180 * DAY }],
    [
      "the shortest of several lives",
      limits(tenant(lifetime("P1Y"), lifetime("P3M"))),
      { ...NONE, longestLife: 90 * DAY },
    ],
    ["any life, where the restriction is off", limits(tenant(lifetime("P1D", { state: "disabled" }))), NONE],
    ["a life by one that is on", limits(tenant(lifetime("P1D", { state: "enabled" }))), { ...NONE, longestLife: DAY }],
    [
      "any life, where that cannot be read",
      limits(tenant(lifetime("soon"), { restrictionType: "passwordLifetime" })),
      NONE,
    ],
    [
      "any life, where a lifetime stands with something else",
      limits(tenant({ ...lifetime("P1D"), restrictionType: "customPasswordAddition" })),
      NONE,
    ],
    ["secrets, where some are spared", limits(tenant(addition(spares))), NONE],
    [
      "a life from which some are spared",
      limits(tenant(lifetime("P1D", spares))),
      { ...NONE, longestLife: DAY, sparesSome: true },
    ],
    [
      "a life from which nobody is spared",
      limits(tenant(lifetime("P1D", { excludeActors: {} }))),
      { ...NONE, longestLife: DAY },
    ],
  ])("is %s", async (_, found, limit) => {
    expect(await found).toEqual(limit);
  });

  it.each([
    ["2031-03-03T12:00:00Z", true],
    ["2031-03-03T12:00:01Z", false],
  ])("for what was created after %s, holds: %s", async (restrictForAppsCreatedAfterDateTime, forbidden) => {
    expect(await limits(tenant(addition({ restrictForAppsCreatedAfterDateTime })))).toEqual({ ...NONE, forbidden });
  });

  it("is what the application's own policy says, and the tenant's for all else", async () => {
    const all = tenant(lifetime("P1D"), addition());
    expect(await limits(all, assigned(lifetime("P9D")))).toEqual({ ...NONE, longestLife: 9 * DAY, forbidden: true });
    const off = { ...assigned(lifetime("P9D")), isEnabled: false };
    expect(await limits(all, off, assigned(lifetime("P8D")))).toMatchObject({ longestLife: 8 * DAY });
  });

  it("is the tenant's where the application's own policy says nothing", async () => {
    for (const own of [{ isEnabled: true }, { isEnabled: true, restrictions: {} }]) {
      expect(await limits(tenant(addition()), own)).toEqual({ ...NONE, forbidden: true });
    }
    expect(await limits({ isEnabled: true, applicationRestrictions: {} })).toEqual(NONE);
  });

  it.each([
    ["P1Y2M3W4D", (365 + 60 + 21 + 4) * DAY],
    ["PT1H2M3S", 3_723_000],
    ["P2DT12H", 2.5 * DAY],
    ["x P2D", undefined],
    ["P2D x", undefined],
  ])("reads a life of %s", async (text, longestLife) => {
    expect(await limits(tenant(lifetime(text)))).toEqual({ ...NONE, longestLife });
  });

  it("is unknown to who may not read it, and every other failure is one", async () => {
    const fails = (status: number) => {
      const get = () => Promise.reject(new UpstreamError("no", { service: "Microsoft Graph", status }));
      return secretLimits({ get } as unknown as Graph)("object-1", CREATED);
    };
    expect(await fails(403)).toBeUndefined();
    await expect(fails(503)).rejects.toMatchObject({ status: 503 });
    const broken = secretLimits({ get: async () => Promise.reject(new TypeError("x")) } as unknown as Graph);
    await expect(broken("object-1", CREATED)).rejects.toThrow("x");
  });
});
