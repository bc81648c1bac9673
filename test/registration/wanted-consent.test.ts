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
      graphAppId: "00000003-0000-0000-c000-000000000000",
      desired: { serverName: "om-server", appRole: { id: "role", value: "Ingestion.Run" } },
      summary: {
        graphScopes: ["openid", "profile", "email", "offline_access", "User.Read"],
        scope: "Metadata.Access",
        appRole: "Ingestion.Run",
      },
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

  it.each(["om-server", "om-ingestion"])("for nothing while there is no %s, and says what makes it", async (name) => {
    const { [name]: _, ...found } = both as Record<string, Application>;
    expect((await wanted(found, { dryRun: true })).answer).toMatchObject({
      code: "registration-missing",
      message: 'Cannot grant admin consent: the registrations of deployment "om" do not exist',
      hint: "Call POST /api/provision, then POST /api/consent again",
    });
  });

  it("for the app role and the scope of that value, not for others that the server has", async () => {
    const other = { id: "other", value: "Other" };
    const server = made("server");
    const more = { ...server, appRoles: [other, ...server.appRoles] };
    expect((await wanted({ ...both, "om-server": more })).answer).toMatchObject({
      desired: { appRole: { id: "role" } },
    });
    const without = { ...server, api: { oauth2PermissionScopes: [other] } };
    const answer = { code: "registration-missing", message: expect.stringContaining('"om-server" lacks its scope') };
    expect(await wanted({ ...both, "om-server": without }, { dryRun: true })).toMatchObject({ answer });
  });

  it("after several looks, spread over time", async () => {
    const late = await wanted(both, { afterLooks: 3 });
    expect(late).toMatchObject({ answer: { serverAppId: "server" }, looks: 8 });
  });
});
