import { describe, expect, it } from "vitest";
import { EXAMPLES, resources, snapshot, template, text } from "./committed.ts";

describe.each(EXAMPLES)("the example %s", (example) => {
  it("evaluates without a complaint", () => {
    expect(snapshot(example).diagnostics).toEqual([]);
  });

  it("opens storage with no shared key, to nobody anonymous, and over TLS 1.2 at least", () => {
    const accounts = resources(example, "Microsoft.Storage/storageAccounts");
    expect(accounts).toHaveLength(1);
    for (const { properties } of accounts) {
      expect(properties).toMatchObject({
        allowSharedKeyAccess: false,
        defaultToOAuthAuthentication: true,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
      });
    }
    for (const { properties } of resources(example, "Microsoft.Storage/storageAccounts/blobServices/containers")) {
      expect(properties.publicAccess).toBe("None");
    }
  });

  it("makes vaults by roles only, whose secrets nobody can purge", () => {
    const vaults = resources(example, "Microsoft.KeyVault/vaults");
    expect(vaults).toHaveLength(example === "existing" ? 0 : 1);
    for (const { properties, apiVersion } of vaults) {
      expect(properties).toMatchObject({
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
      });
      // Older versions retire on 2027-02-27.
      expect(apiVersion >= "2026-02-01").toBe(true);
    }
  });

  it("runs an app that takes nothing but TLS 1.2 and Entra tokens, published with no password", () => {
    const [site] = resources(example, "Microsoft.Web/sites");
    expect(site?.properties).toMatchObject({ httpsOnly: true, clientAffinityEnabled: false });
    expect(site?.properties.siteConfig).toMatchObject({
      minTlsVersion: "1.2",
      scmMinTlsVersion: "1.2",
      ftpsState: "Disabled",
      remoteDebuggingEnabled: false,
    });
    const ways = resources(example, "Microsoft.Web/sites/basicPublishingCredentialsPolicies");
    expect(ways.map(({ name, properties }) => [name.split("/").at(-1), properties.allow])).toEqual([
      ["ftp", false],
      ["scm", false],
    ]);
    const [auth] = resources(example, "Microsoft.Web/sites/config").filter(({ name }) =>
      name.endsWith("authsettingsV2"),
    );
    expect(auth?.properties.globalValidation).toMatchObject({
      requireAuthentication: true,
      unauthenticatedClientAction: "Return401",
    });
  });

  it("takes telemetry with the identity only", () => {
    for (const { properties } of resources(example, "Microsoft.Insights/components")) {
      expect(properties.DisableLocalAuth).toBe(true);
    }
    for (const { properties } of resources(example, "Microsoft.OperationalInsights/workspaces")) {
      expect(properties.features.disableLocalAuth).toBe(true);
    }
  });

  it("sets nothing that Flex Consumption refuses", () => {
    const [settings] = resources(example, "Microsoft.Web/sites/config").filter(({ name }) =>
      name.endsWith("appsettings"),
    );
    const refused =
      /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_|SCM_DO_BUILD|ENABLE_ORYX|AzureWebJobsStorage$)/;
    expect(Object.keys(settings?.properties).filter((name) => refused.test(name))).toEqual([]);
  });
});

describe("authentication leaves out", () => {
  const leftOut = (example: (typeof EXAMPLES)[number]) =>
    resources(example, "Microsoft.Web/sites/config").find(({ name }) => name.endsWith("authsettingsV2"))?.properties
      .globalValidation.excludedPaths;

  it("the webhook of Event Grid alone, where Event Grid calls the functions", () => {
    expect(leftOut("open")).toEqual(["/runtime/webhooks/EventGrid"]);
    expect(leftOut("existing")).toEqual(["/runtime/webhooks/EventGrid"]);
  });

  it("nothing, where events go through queues", () => {
    expect(leftOut("restricted")).toEqual([]);
    expect(leftOut("private")).toEqual([]);
  });
});

describe("the network", () => {
  it("of private is closed: app, storage and vault are reached by private endpoints only", () => {
    const closed = ["Microsoft.Web/sites", "Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"];
    for (const type of closed) {
      for (const { properties } of resources("private", type)) expect(properties.publicNetworkAccess).toBe("Disabled");
    }
    const groups = resources("private", "Microsoft.Network/privateEndpoints").map(
      ({ properties }) => properties.privateLinkServiceConnections[0].properties.groupIds[0],
    );
    expect(groups.sort()).toEqual(["blob", "queue", "sites", "vault"]);
  });

  it.each(["restricted", "existing"] as const)(
    "of %s is closed but for the app, which refuses who is not listed",
    (example) => {
      for (const type of ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"]) {
        for (const { properties } of resources(example, type)) expect(properties.publicNetworkAccess).toBe("Disabled");
      }
      const [site] = resources(example, "Microsoft.Web/sites");
      expect(site?.properties.siteConfig.ipSecurityRestrictionsDefaultAction).toBe("Deny");
      expect(site?.properties.siteConfig.scmIpSecurityRestrictionsDefaultAction).toBe("Deny");
    },
  );

  it("is there before the app: its host, and the deployment of its package, reach storage by private endpoints only", () => {
    const { app, privateEndpoints, appEndpoint } = template().resources;
    expect(app.dependsOn).toContain("privateEndpoints");
    expect(privateEndpoints.dependsOn).toEqual(expect.arrayContaining(["network", "storage", "vault", "zones"]));
    expect(privateEndpoints.dependsOn).not.toContain("app");
    expect(appEndpoint.dependsOn).toContain("app");
  });

  it("is refused where one subnet of two is named: the other would be left out without a word", () => {
    expect(template().variables.makesNetwork).toMatch(
      /^\[if\(not\(equals\(empty\(parameters\('existingAppSubnetId'\)\), empty\(parameters\('existingEndpointSubnetId'\)\)\)\), fail\(/,
    );
  });

  it("is refused as restricted where nobody could call the app, or publish to it", () => {
    expect(template().variables.mayCall).toMatch(
      /^\[if\(and\(equals\(parameters\('topology'\), 'restricted'\), empty\(parameters\('allowedIpRanges'\)\)\), fail\(/,
    );
    expect(template().resources.app.properties.parameters.allowedIpRanges.value).toBe("[variables('mayCall')]");
  });

  it("lets Event Grid in where it calls a restricted app", () => {
    const allowed = (example: "restricted" | "existing") =>
      resources(example, "Microsoft.Web/sites")[0]?.properties.siteConfig.ipSecurityRestrictions.map(
        (rule: { ipAddress: string }) => rule.ipAddress,
      );
    expect(allowed("existing")).toEqual(["203.0.113.0/24", "AzureEventGrid"]);
    expect(allowed("restricted")).toEqual(["203.0.113.0/24"]);
  });
});

describe("beside another installation", () => {
  it("what is made where the vault is has a name of its own: two may share vault, topic and environment name", () => {
    const [site] = resources("existing", "Microsoft.Web/sites");
    const own = site?.name.replace("func-", "") ?? "";
    const named = snapshot("existing").predictedResources.filter(
      ({ id, type }) => /\/resourceGroups\/rg-platform\//.test(id) && !type.startsWith("Microsoft.Authorization/"),
    );
    expect(named.map(({ type }) => type.split("/").at(-1))).toEqual([
      "eventSubscriptions",
      "eventSubscriptions",
      "eventSubscriptions",
      "metricAlerts",
      "metricAlerts",
    ]);
    expect(own).toMatch(/^prod-\w{13}$/);
    for (const { name } of named) expect(name).toContain(own);
  });
});

describe("no secret", () => {
  it("is read from a resource: no listKeys and its like anywhere in the template", () => {
    expect(text("infra/azuredeploy.json")).not.toMatch(/\blist(Keys|Secrets|AccountSas|ServiceSas|Credentials)?\s*\(/i);
  });

  it("is among the outputs, which are names, ids and addresses", () => {
    const { outputs } = template();
    expect(Object.keys(outputs).sort()).toEqual([
      "APP_IDENTITY_OBJECT_ID",
      "APP_URL",
      "AZURE_FUNCTION_APP_ID",
      "AZURE_FUNCTION_APP_NAME",
      "EVENT_DELIVERY",
      "EVENT_TOPIC_NAME",
      "KEY_VAULT_ID",
      "KEY_VAULT_URL",
      "STORAGE_ACCOUNT_ID",
    ]);
    expect(JSON.stringify(outputs)).not.toMatch(/connectionString|key1|instrumentation|sas|password/i);
  });

  it("is a parameter", () => {
    const types = Object.values<{ type: string }>(template().parameters).map(({ type }) => type);
    expect(types.filter((type) => /secure/i.test(type))).toEqual([]);
  });
});
