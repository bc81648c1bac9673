import { describe, expect, it } from "vitest";
import { GRAPH_APP_ID } from "../../local/cloud/directory/microsoft-graph.ts";
import { registration } from "./administrator.ts";
import { type App, openApp } from "./app.ts";

const GRAPH = "https://graph.microsoft.com";
/** What whoever is signed in to az here may do: enough for every command that a hint names. */
const ADMINISTRATOR = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.ReadWrite.All",
];

/** Asks Graph as an administrator: the requests that az makes of a command, with the address of this cloud. */
async function ask({ cloud }: App, method: string, { url, body }: { url: string; body?: string }) {
  const token = await cloud.entra.issueToken({
    aud: GRAPH_APP_ID,
    oid: "0a6f6bd4-58a1-4b5c-8f0e-0a5a3d4f6e70",
    appid: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    roles: ADMINISTRATOR,
  });
  const answer = await fetch(url.replace(GRAPH, cloud.urls.graph), {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${url}: ${answer.status} ${text}`).toBe(true);
  return text === "" ? undefined : JSON.parse(text);
}

/** `az ad sp show --id X --query id`: az looks for a service principal with that name. */
async function showPrincipal(app: App, id: string): Promise<string> {
  const filter = encodeURIComponent(`servicePrincipalNames/any(c:c eq '${id}')`);
  const { value } = await ask(app, "GET", { url: `${GRAPH}/v1.0/servicePrincipals?$filter=${filter}` });
  return value[0].id;
}

/** Runs the `az rest` commands of a hint as a shell would, inner commands first. */
async function play(app: App, hint: string): Promise<void> {
  const commands = [...hint.matchAll(/az rest --method (\w+) --url "([^"]+)"(?: --body "((?:[^"\\]|\\.)*)")?/g)];
  expect(commands, hint).not.toEqual([]);
  for (const [, method = "", url = "", quoted] of commands) {
    const inner = /\$\(az ad sp show --id (\S+) --query id --output tsv\)/.exec(quoted ?? "");
    const principal = inner ? await showPrincipal(app, inner[1] ?? "") : "";
    const body = quoted?.replaceAll('\\"', '"').replace(inner?.[0] ?? "", principal);
    await ask(app, method, { url, ...(body === undefined ? {} : { body }) });
  }
}

/** `az ad app owner add`: az refers to the owner as a directory object; `--id` may be the application's object id. */
async function addOwner(app: App, hint: string): Promise<void> {
  const [, id, objectId] = /^az ad app owner add --id (\S+) --owner-object-id (\S+)$/m.exec(hint) ?? [];
  const reference = { "@odata.id": `${GRAPH}/v1.0/directoryObjects/${objectId}` };
  const url = `${GRAPH}/v1.0/applications/${id}/owners/$ref`;
  await ask(app, "POST", { url, body: JSON.stringify(reference) });
}

describe("the commands of the hint when Graph permissions are missing", () => {
  const app = openApp({ graphPermissions: ["Application.ReadWrite.OwnedBy"] });

  it("give the identity what consent needs", async () => {
    await app().post("provision");
    const refused = await app().call("POST", "consent", {});
    expect(refused.status).toBe(409);
    await play(app(), String(refused.body.hint));
    // A new permission shows in a new token only; this is what the platform would hand out after a restart.
    const held = app()
      .cloud.directory.assignments()
      .filter(({ principalId }) => principalId === app().cloud.app.objectId);
    expect(held).toHaveLength(1 + (refused.body.permissions as string[]).length);
  });
});

describe.each([
  ["restores it", 0, (before: string, after: string) => expect(after).toBe(before)],
  ["removes it for good", 1, (before: string, after: string) => expect(after).not.toBe(before)],
])("the command of the hint about a deleted registration that %s", (_, which, compare) => {
  const app = openApp();

  it("lets provisioning go on", async () => {
    await app().post("provision");
    const before = registration(app()).id;
    app().cloud.directory.deleteApplication("openmetadata-server");
    const refused = await app().call("POST", "provision", {});
    expect(refused.status).toBe(409);
    const commands = [...String(refused.body.hint).matchAll(/^az rest .+$/gm)].map(([command]) => command);
    await play(app(), commands[which] ?? "");
    await app().post("provision");
    compare(before, registration(app()).id);
  });
});

describe("the command of the hint about a registration of somebody else's", () => {
  const app = openApp();

  it("makes the app's identity its owner", async () => {
    await app().post("provision");
    const { id } = registration(app(), "openmetadata-ingestion");
    const { objectId } = app().cloud.app;
    await ask(app(), "DELETE", { url: `${GRAPH}/v1.0/applications/${id}/owners/${objectId}/$ref` });
    const refused = await app().call("POST", "rotate", {});
    expect(refused.body.hint).toContain(`\nnpm run permit -- --identity ${objectId}\n`);
    await addOwner(app(), String(refused.body.hint));
    await app().post("rotate");
  });
});
