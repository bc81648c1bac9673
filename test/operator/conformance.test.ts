import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { movableClock } from "../../local/clock.ts";
import { type Cloud, startCloud } from "../../local/cloud/cloud.ts";
import { Difference } from "../../operator/conformance/case.ts";
import { CASES } from "../../operator/conformance/cases/all.ts";
import { anonymous, report } from "../../operator/conformance/report.ts";
import { type Outcome, type Result, runCases, type Wanted } from "../../operator/conformance/run.ts";
import type { Access } from "../../operator/conformance/tenant.ts";
import { throwAway } from "../../operator/conformance/throw-away.ts";
import { openShell } from "./azure-cli.ts";

const clock = movableClock(new Date("2031-03-03T12:00:00Z"));
const EVERYTHING: Wanted = { offered: ["vault", "site", "event", "consent"], only: [] };
const PREFIX = "openmetadata-entra-conformance";
let cloud: Cloud;
let access: Access;

beforeAll(async () => {
  cloud = await startCloud({ clock });
  access = await operatorOf(cloud);
});
afterAll(() => cloud.close());

/** Somebody with the least that the cases ask for, and with what they take on top where it is asked for. */
async function operatorOf({ directory, entra, vault, appService, urls, settings }: Cloud): Promise<Access> {
  const permissions = [
    "Application.ReadWrite.OwnedBy",
    "DelegatedPermissionGrant.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Application.Read.All",
  ];
  const { objectId } = directory.createManagedIdentity({ displayName: "operator", graphPermissions: permissions });
  vault.grant(objectId, ["get", "list", "set", "update", "delete", "recover"]);
  const site = directory.createManagedIdentity({ displayName: "site", graphPermissions: [] });
  vault.grant(site.objectId, ["get"]);
  vault.setByHand("client-secret", "worth nothing");
  const reference = "@Microsoft.KeyVault(VaultName=openmetadata-kv;SecretName=client-secret)";
  const { id } = await appService.addSite({
    name: "om",
    settings: { OIDC_CLIENT_SECRET: reference },
    identityObjectId: site.objectId,
  });
  appService.grant(objectId, ["read"], id);
  const audiences: Record<string, string> = {
    [urls.graph]: urls.graph,
    [urls.arm]: "https://management.azure.com",
    // The challenge names the port.
    [`https://vault.localhost:${new URL(urls.vault).port}`]: "https://vault.localhost",
  };
  return {
    graphUrl: urls.graph,
    authorityUrl: settings.AUTHORITY_HOST ?? "",
    armUrl: urls.arm,
    vaultUrl: urls.vault,
    siteId: id,
    events: await eventsOf(),
    tenantId: directory.tenantId,
    ownId: objectId,
    prefix: `${PREFIX}-first`,
    tokenFor: (scope) =>
      entra.issueToken({
        aud: audiences[scope.replace("/.default", "")] ?? scope,
        oid: objectId,
        sub: objectId,
        roles: permissions,
      }),
    clock: { now: clock.now, wait: (milliseconds) => clock.advance(milliseconds) },
  };
}

/** What a subscriber receives, in each of the schemas. */
async function eventsOf(): Promise<unknown[]> {
  const received: unknown[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const kind = request.headers["aeg-event-type"];
      if (request.method === "OPTIONS") response.setHeader("WebHook-Allowed-Origin", "*");
      if (kind === "Notification") received.push(JSON.parse(body));
      const code = kind === "SubscriptionValidation" ? JSON.parse(body)[0]?.data?.validationCode : undefined;
      response.end(code ? JSON.stringify({ validationResponse: code }) : "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const eventTypes = ["Microsoft.KeyVault.SecretNewVersionCreated"];
  await cloud.eventGrid.subscribe({ name: "grid", endpoint, eventTypes, schema: "EventGridSchema" });
  await cloud.eventGrid.subscribe({ name: "cloud", endpoint, eventTypes, schema: "CloudEventSchemaV1_0" });
  cloud.vault.setByHand("event-source", "worth nothing");
  await clock.advance(5_000);
  server.closeAllConnections();
  server.close();
  return received.flat();
}

/** A deleted application keeps its name, so each run has names of its own, as the command sees to. */
const again = (run: string): Access => ({ ...access, prefix: `${PREFIX}-${run}` });

/** Applications and secrets that the cases have made and that are still there. */
function remains(): string[] {
  const applications = cloud.directory.applications().map(({ uniqueName }) => uniqueName ?? "");
  const secrets = cloud.vault
    .secrets()
    .filter(({ deleted }) => !deleted)
    .map(({ name }) => name);
  return [...applications, ...secrets].filter((name) => name.startsWith(PREFIX));
}

describe("the stand-ins", () => {
  const results = new Map<string, Result>();
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await runCases(access, EVERYTHING, { tell: (one) => void results.set(one.id, one) });
  }, 60_000);

  it.each(CASES.map(({ id, claim }) => [id, claim] as const))("%s: %s", (id) => {
    expect(results.get(id)).toMatchObject({ state: "holds" });
  });

  it("are left as they were", () => {
    expect(remains()).toEqual([]);
  });

  it("are told of in a report without anything that tells whose tenant it was", () => {
    const hosts = [new URL(access.vaultUrl ?? "").host, "openmetadata-kv"];
    const text = report(outcome, { release: "0.1.0", on: clock.now(), hosts, prefix: PREFIX });
    expect(text).toContain(`${CASES.length} hold, 0 differ`);
    for (const { appId } of cloud.directory.servicePrincipals()) expect(text).not.toContain(appId);
    for (const known of [access.tenantId, access.ownId, ...hosts, PREFIX]) expect(text).not.toContain(known);
  });
});

describe("a run", () => {
  it("tries only what it was offered, and says what the others need", async () => {
    const { results } = await runCases(
      again("second"),
      { offered: [], only: ["vault-set", "graph-patch-absent"] },
      { tell: () => {} },
    );
    expect(results.map(({ id, state, seen }) => [id, state, seen])).toEqual([
      ["graph-patch-absent", "holds", ""],
      ["vault-set", "skipped", "needs --vault"],
    ]);
  });

  it("sees a service that does otherwise, and one that fails, and removes all the same what it made", async () => {
    cloud.wire.faults.push(({ method, path, body }) => {
      if (method === "PATCH" && body.includes("both.example.com"))
        return { kind: "answer", response: () => new Response(null, { status: 204 }) };
      return method === "POST" && path.includes("addPassword") ? { kind: "refuse" } : undefined;
    });
    const only = ["graph-redirect-uri-once", "graph-secret-once"];
    const { results } = await runCases(again("third"), { offered: [], only }, { tell: () => {} });
    cloud.wire.faults.splice(0);
    expect(results).toMatchObject([
      { state: "differs", seen: 'expected {"status":400}, seen 204' },
      { state: "untried" },
    ]);
    expect(remains()).toEqual([]);
  });

  it("removes what it made when it is ended in the middle", async () => {
    const ending = new AbortController();
    const { results } = await runCases(again("fourth"), EVERYTHING, {
      tell: () => ending.abort(),
      signal: ending.signal,
    });
    expect(results).toHaveLength(1);
    expect(remains()).toEqual([]);
  });

  it("waits for what spreads slowly", async () => {
    cloud.directory.replication = { objects: 3_000, secrets: 5_000, reads: 1_000 };
    const only = ["entra-new-secret", "entra-token-for-itself", "graph-creator-owns"];
    const { results } = await runCases(again("fifth"), { offered: [], only }, { tell: () => {} });
    cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    expect(results.map(({ state, seen }) => `${state} ${seen}`)).toEqual([
      "holds 1 owners",
      "holds ",
      expect.stringMatching(/^holds taken at attempt [2-9]/),
    ]);
  });
});

describe("what is thrown away", () => {
  it("goes newest first, whatever fails on the way, and says what stays", async () => {
    const thrown = throwAway();
    const order: string[] = [];
    for (const what of ["first", "second", "third"]) {
      thrown.add(what, async () => {
        order.push(what);
        if (what === "second") throw new Error("refused");
        return what === "first" ? "kept for 30 days" : undefined;
      });
    }
    expect(await thrown.removeAll()).toEqual(["second: refused", "first: kept for 30 days"]);
    expect(order).toEqual(["third", "second", "first"]);
    expect(await thrown.removeAll()).toEqual([]);
  });
});

describe("the report", () => {
  it("hides ids, versions, addresses, domains, names, hosts and secrets", () => {
    const said = `app 5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11 of a.person@contoso.com in contoso.onmicrosoft.com, version 0123456789abcdef0123456789abcdef of ${PREFIX}-7 in kv.vault.azure.net at /subscriptions/abc/resourceGroups/rg-x/providers/Microsoft.Web/sites/my-app with abc8Q~0123456789012345678901234567890`;
    expect(anonymous(said, ["kv.vault.azure.net"], PREFIX)).toBe(
      "app <id> of <address> in <domain>, version <version> of <name> in <host> at /subscriptions/<name>/resourceGroups/<name>/providers/Microsoft.Web/sites/<name> with ***",
    );
  });
});

describe("what no case can try", () => {
  it("stands in the report, the doubts of the documents among it", () => {
    const on = new Date("2031-03-03T12:00:00Z");
    const written = report({ results: [], left: [] }, { release: "1", on, hosts: [], prefix: PREFIX });
    for (const doubt of [
      "without public access, as a trusted service",
      "without a NAT gateway",
      "hands on the id token",
    ]) {
      expect(written).toContain(doubt);
    }
  });
});

describe("npm run conformance", () => {
  it("lists without a sign-in what it would make, and refuses what makes no sense", async () => {
    const shell = await openShell({ token: undefined, certificate: cloud.certificate.cert, env: {} });
    const command = (args: string[]) => shell.run("node", ["operator/conformance/main.ts", ...args]);
    const dry = await command(["--dry-run", "--vault", "https://kv.vault.azure.net"]);
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(dry.stdout).toContain("makes: an app registration, a service principal, a client secret");
    expect(await command(["--colour"])).toMatchObject({ code: 2, stdout: "" });
    expect(await command([])).toMatchObject({ code: 1, stderr: expect.stringContaining("az login") });
    await shell.close();
  });
});

it("a difference is an error of its own", () => {
  expect(new Difference("x")).toBeInstanceOf(Error);
});
