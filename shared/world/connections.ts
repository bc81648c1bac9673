import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { type OwnTokens, ownTokens } from "../clients/entra/own-tokens.ts";
import { graph } from "../clients/graph/graph.ts";
import { keyVault } from "../clients/key-vault/key-vault.ts";
import { vaultName } from "../deployment/addresses.ts";
import type { Settings } from "../deployment/settings.ts";
import { rememberedAppIds } from "./app-ids.ts";
import { clock } from "./clock.ts";
import { memoized } from "./memoize.ts";

/** The connections that all invocations share: they keep tokens and sockets. Each is made when it is first asked for. */
export type Connections = ReturnType<typeof connect>;

export function connect({ keyVaultUrl, graphUrl, managedIdentityClientId }: Settings) {
  const credential = memoized(() => ownCredential(managedIdentityClientId));
  const own = memoized(() => ownTokens(credential(), graphUrl));
  const others = new Map<string, OwnTokens>();
  const asOwn = memoized(() => graph(graphUrl, () => own().tokenFor(`${graphUrl}/.default`), clock));
  return {
    credential,
    own,
    /** As another identity that is assigned to the app, where one is named. */
    ownAs(clientId: string | undefined): OwnTokens {
      if (clientId === undefined) return own();
      const known = others.get(clientId) ?? ownTokens(ownCredential(clientId), graphUrl);
      others.set(clientId, known);
      return known;
    },
    vault: memoized(() => keyVault({ url: keyVaultUrl, name: vaultName(keyVaultUrl) }, credential())),
    graph: asOwn,
    appIds: memoized(() => rememberedAppIds(asOwn(), async () => (await own().identity()).appId)),
  };
}

/** The platform's managed identity where it offers one, otherwise whoever the developer is signed in as. */
function ownCredential(clientId: string | undefined): TokenCredential {
  if (process.env.IDENTITY_ENDPOINT) return new ManagedIdentityCredential(clientId ? { clientId } : {});
  return new DefaultAzureCredential();
}
