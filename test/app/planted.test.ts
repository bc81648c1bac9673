import { describe, expect, it } from "vitest";
import { amid, answers, meanwhile } from "../../proof/strikes/strike.ts";
import { ADMINISTRATORS_TOOL, asAdministrator, registration } from "./administrator.ts";
import { openApp } from "./app.ts";

const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

/** Somebody who may register applications was here first, and made the app's identity an owner, so that nothing fails. */
async function plant(uniqueName: string): Promise<void> {
  await asAdministrator(app(), "PATCH", {
    path: `/applications(uniqueName='${uniqueName}')`,
    headers: { prefer: "create-if-missing" },
    body: {
      displayName: uniqueName,
      signInAudience: "AzureADMyOrg",
      spa: { redirectUris: ["https://attacker.example.com/callback"] },
    },
  });
  app().cloud.directory.addOwner(registration(app(), uniqueName).appId, app().cloud.app.objectId);
}

const planted = (what: string) => ({
  status: 409,
  body: {
    code: "registration-not-ours",
    detail: expect.stringContaining(`${what} (client ID`),
    hint: expect.stringMatching(/owners, redirect URIs and secrets.*SERVER_CLIENT_ID or INGESTION_CLIENT_ID/),
  },
});

describe.each([
  ["server", 'registration "taken-server"'],
  ["ingestion", 'registration "taken-ingestion"'],
])("a registration that somebody else made under the name of our %s", (which, what) => {
  it("is not adopted, not consented to, given no secret and shown to nobody who configures OpenMetadata", async () => {
    const name = `taken-${which}-case`;
    await app().restart({ DEPLOYMENT_NAME: name });
    const label = what.replace("taken", name);
    if (which === "ingestion") {
      await plant(`${name}-${which}`);
    } else {
      await plant(`${name}-server`);
      await plant(`${name}-ingestion`);
    }
    const refused = await app().call("POST", "provision", {});
    expect(refused).toMatchObject(planted(label));
    expect(refused.body.detail).toContain(`created by application ${ADMINISTRATORS_TOOL}, not by this app's identity`);
    const secrets = await app().call("POST", "rotate", { credential: "ingestion-client-secret" });
    expect(secrets).toMatchObject(planted(`the registration of "${name}-ingestion-client-secret"`));
    expect(registration(app(), `${name}-ingestion`).secrets).toEqual([]);
    const grants = app().cloud.directory.grants().length;
    expect((await app().call("POST", "consent", {})).status).toBe(409);
    expect(app().cloud.directory.grants()).toHaveLength(grants);
    const shown = await app().call("GET", "status");
    const [deployment] = shown.body.deployments as {
      drift: { findings: { kind: string; severity: string; what: string }[] };
    }[];
    expect(deployment?.drift.findings[0]).toMatchObject({
      kind: "planted",
      severity: "critical",
      what: expect.stringContaining(label),
    });
  });
});

describe("what somebody else made", () => {
  it("is refused too where it comes between our look and our write", async () => {
    await app().restart({ DEPLOYMENT_NAME: "race" });
    await plant("race-server");
    const unseen = answers(
      { service: "graph", method: "GET", path: /race-server/, times: 1 },
      { status: 404, body: { error: { code: "Request_ResourceNotFound", message: "Resource not found." } } },
    );
    expect(await amid(app(), unseen, () => app().call("POST", "provision", {}))).toMatchObject(
      planted('registration "race-server"'),
    );
    expect(registration(app(), "race-server").identifierUris).toEqual([]);
  });

  it("is taken over where an operator names its client id", async () => {
    await app().restart({
      DEPLOYMENT_NAME: "race",
      SERVER_CLIENT_ID: registration(app(), "race-server").appId,
    });
    const { body } = await app().post("provision");
    expect(body.result).toMatchObject({ server: { clientId: registration(app(), "race-server").appId } });
    await app().post("consent");
  });

  it("is refused where it is only the service principal: whoever owns that can sign in as ours", async () => {
    await app().restart({ DEPLOYMENT_NAME: "principal", SERVER_CLIENT_ID: "" });
    await app().post("provision");
    const { appId } = registration(app(), "principal-ingestion");
    const { state } = app().cloud.directory;
    const found = state.servicePrincipals.list().find((one) => one.appId === appId);
    if (!found) throw new Error("There is no service principal");
    state.servicePrincipals.put(found.id, { ...found, createdByAppId: ADMINISTRATORS_TOOL });
    const what = planted('the service principal of "principal-ingestion"');
    expect(await app().call("POST", "provision", {})).toMatchObject(what);
    expect(await app().call("POST", "consent", {})).toMatchObject(what);
  });

  it("is named where it has our App ID URI: it would get the tokens that are meant for OpenMetadata", async () => {
    await app().restart({ DEPLOYMENT_NAME: "uri" });
    await plant("thief");
    const thief = registration(app(), "thief");
    const quicker = meanwhile(
      { service: "graph", method: "PATCH", path: /\/applications\/[0-9a-f-]+$/, times: 1 },
      async () => {
        const { state } = app().cloud.directory;
        const uri = `api://${registration(app(), "uri-server").appId}`;
        state.applications.put(thief.id, { ...thief, identifierUris: [uri] });
      },
    );
    expect(await amid(app(), quicker, () => app().call("POST", "provision", {}))).toMatchObject({
      status: 409,
      body: {
        code: "app-id-uri-taken",
        detail: 'Cannot set the App ID URI of "uri-server": another application has it already',
        hint: expect.stringContaining(`\naz ad app show --id api://${registration(app(), "uri-server").appId} `),
      },
    });
  });
});
