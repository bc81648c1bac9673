import { describe, expect, it } from "vitest";
import { registration } from "./administrator.ts";
import { openApp } from "./app.ts";
import { runTimer, said } from "./trouble.ts";

const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

/** What an administrator does in Entra (Enterprise applications, Properties) to choose who may come in. */
function requireAssignment(name: string): void {
  const { appId } = registration(app(), name);
  const { servicePrincipals } = app().cloud.directory.state;
  const [principal] = servicePrincipals.list().filter((one) => one.appId === appId);
  if (!principal) throw new Error(`"${name}" has no service principal`);
  servicePrincipals.put(principal.id, { ...principal, appRoleAssignmentRequired: true });
}

const access = async () => {
  const { body } = await app().call("GET", "status");
  const [deployment] = body.deployments as { openMetadata: { access: Record<string, unknown> } }[];
  return deployment?.openMetadata.access;
};

describe('"Assignment required" on the server registration', () => {
  it("shuts the app out before consent, told as the answer of Entra's that it is, with the call that mends it", async () => {
    await app().post("provision");
    requireAssignment("openmetadata-server");
    expect(await access()).toMatchObject({
      error: expect.stringContaining("AADSTS501051"),
      hint: expect.stringMatching(/^Call POST \/api\/consent: "Assignment required"/),
    });
    const { status, body } = await app().call("POST", "harden", { dryRun: true });
    expect({ status, body }).toMatchObject({ status: 409, body: { hint: expect.stringContaining("/api/consent") } });
    expect(JSON.stringify(body)).not.toContain("does not answer");
  });

  it("lets in the app and ingestion after consent, whose secret is delivered", async () => {
    const { body } = await app().post("consent");
    expect(body.steps?.map(({ target }) => target)).toContain("this app's identity on openmetadata-server");
    expect(await access()).toMatchObject({ isAdmin: true });
    await app().post("rotate");
    expect(app().held()).toBe(app().latest()?.value);
    const since = app().log.length;
    expect(await runTimer(app()), said(app(), since)).toBe(true);
  });
});
