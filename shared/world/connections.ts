import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { ownTokens } from "../clients/entra/own-tokens.ts";
import { graph } from "../clients/graph/graph.ts";
import { keyVault } from "../clients/key-vault/key-vault.ts";
import type { Settings } from "../deployment/settings.ts";
import { rememberedAppIds } from "./app-ids.ts";
import { clock } from "./clock.ts";

/** The connections that all invocations share: they keep tokens and sockets. */
export type Connections = ReturnType<typeof connect>;

export function connect({ keyVaultUrl, graphUrl, managedIdentityClientId }: Settings) {
  const credential = ownCredential(managedIdentityClientId);
  const own = ownTokens(credential, graphUrl);
  const asOwn = graph(graphUrl, () => own.tokenFor(`${graphUrl}/.default`), clock);
  return { credential, own, vault: keyVault(keyVaultUrl, credential), graph: asOwn, appIds: rememberedAppIds(asOwn) };
}

/** The platform's managed identity where it offers one, otherwise whoever the developer is signed in as. */
function ownCredential(clientId: string | undefined): TokenCredential {
  if (process.env.IDENTITY_ENDPOINT) return new ManagedIdentityCredential(clientId ? { clientId } : {});
  return new DefaultAzureCredential();
}
