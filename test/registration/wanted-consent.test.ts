import { describe, expect, it } from "vitest";
import type { Application } from "../../shared/registration/application.ts";
import { ROLE_VALUE, SCOPE_VALUE } from "../../shared/registration/permissions.ts";
import type { Ports } from "../../shared/registration/wanted-consent.ts";
import { wantedConsent } from "../../shared/registration/wanted-consent.ts";

const OWN = "own-app";
const names = { server: { uniqueName: "om-server" }, ingestion: { uniqueName: "om-ingestion" } };
const made = (appId: string, createdByAppId = OWN) =>
  ({
    appId,
    createdByAppId,
    api: { oauth2PermissionScopes: [{ id: "scope", value: SCOPE_VALUE }] },
    appRoles: [{ id: "role", value: ROLE_VALUE }],
  }) as unknown as Application;

/** What consent is wanted for, where these are found, after so many looks; how long that was waited for. */
async function wanted(
  found: Record<string, Application>,
  { afterLooks = 0, madeLately = true, dryRun = false, afresh = false, told = false } = {},
) {
  let waited = 0;
  let looks = 0;
  const ports: Ports = {
    registrations: {
      find: async (name) => {
        looks += 1;
        return looks > 2 * afterLooks ? found[String(Object.values(name)[0])] : undefined;
      },
    },
    identity: async () => ({ appId: OWN }),
    madeLately: () => madeLately,
    told: () => (told ? { serverAppId: "told", ingestionAppId: "told-too", roleId: "role" } : undefined),
    now: () => new Date("2026-01-01T00:00:00Z"),
    wait: async (milliseconds) => {
      waited += milliseconds;
    },
    random: () => 0,
  };
  const asked = wantedConsent(ports, names, { deployment: "om", dryRun, afresh });
  const answer = await asked.catch((error: { code: string; message: string }) => error);
  return { answer, waited, looks };
}
const both = { "om-server": made("server"), "om-ingestion": made("ingestion") };

describe("consent is wanted", () => {
  it("for what both registrations are now", async () => {
    const { answer, waited } = await wanted(both);
    expect(answer).toMatchObject({
      serverAppId: "server",
      ingestionAppId: "ingestion",
      isTold: false,
      desired: { serverName: "om-server", appRole: { id: "role", value: ROLE_VALUE } },
    });
    expect(waited).toBe(0);
  });

  it("for what provisioning has just told, without a look, unless it is to be looked at afresh", async () => {
    expect(await wanted(both, { told: true })).toMatchObject({
      answer: { serverAppId: "told", isTold: true },
      looks: 0,
    });
    expect(await wanted(both, { told: true, afresh: true })).toMatchObject({ answer: { serverAppId: "server" } });
  });

  it("for what was made a moment ago once reads show it; a dry run, or one long after, does not wait", async () => {
    const late = await wanted(both, { afterLooks: 1 });
    expect(late).toMatchObject({ answer: { serverAppId: "server" } });
    expect(late.waited).toBeGreaterThan(0);
    const missing = { answer: { code: "registration-missing" }, waited: 0 };
    expect(await wanted(both, { afterLooks: 1, dryRun: true })).toMatchObject(missing);
    expect(await wanted(both, { afterLooks: 1, madeLately: false })).toMatchObject(missing);
  });

  it.each(["om-server", "om-ingestion"])("for neither where somebody else made %s", async (name) => {
    const { answer } = await wanted({ ...both, [name]: made("planted", "thief-app") });
    expect(answer).toMatchObject({ code: "registration-not-ours", message: expect.stringContaining(name) });
  });

  it.each([
    ["the scope", { api: { oauth2PermissionScopes: [] } }],
    ["the app role", { appRoles: [] }],
  ])("for nothing while the server lacks %s", async (_, change) => {
    const server = { ...made("server"), ...change } as Application;
    const { answer } = await wanted({ ...both, "om-server": server }, { dryRun: true });
    expect(answer).toMatchObject({ code: "registration-missing", message: expect.stringContaining("lacks") });
  });
});
