import { describe, expect, it } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";
import type { Settings } from "../../shared/deployment/settings.ts";
import type { Connections } from "../../shared/world/connections.ts";
import { credentialOf } from "../../shared/world/credentials.ts";
import type { Surroundings } from "../../shared/world/surroundings.ts";

const SITE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/site";

/** The server's client secret of a deployment with these settings; nothing is asked of anybody. */
function serverSecret(change: Partial<Deployment>) {
  const connections = {
    vault: () => () => ({}),
    graph: () => ({}),
    credential: () => ({ getToken: async () => null }),
    made: { isRecent: () => false },
  } as unknown as Connections;
  return credentialOf("server-client-secret", {
    settings: {
      keyVaultUrl: "https://kv.vault.azure.net",
      graphUrl: "https://graph.microsoft.com",
      armUrl: "https://management.azure.com",
      authorityHost: "https://login.microsoftonline.com",
      tenantId: "tenant",
    } as Settings,
    deployment: { name: "production", appServiceRestart: false, ...change } as Deployment,
    connections,
    server: () => ({ security: {} }) as never,
    delivery: () => ({}) as never,
    log: () => undefined,
  } satisfies Surroundings);
}

describe("the server's client secret", () => {
  it("is not delivered by the vault's event where that restarts a site, or event and run would restart it twice", () => {
    expect(serverSecret({ appServiceId: SITE, appServiceRestart: true }).deliver).toBeUndefined();
  });

  it("is delivered by the vault's event wherever nothing is restarted", () => {
    expect(serverSecret({ appServiceId: SITE }).deliver).toBeDefined();
    expect(serverSecret({}).deliver).toBeDefined();
    expect(serverSecret({ appServiceRestart: true }).deliver).toBeDefined();
  });
});
