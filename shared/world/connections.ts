import { withinTime } from "../clients/azure-bounds.ts";
import { managedIdentity } from "../clients/entra/managed-identity.ts";
import { type OwnTokens, ownTokens } from "../clients/entra/own-tokens.ts";
import { graph } from "../clients/graph/graph.ts";
import { type OwnCredential, ownObjectId } from "../clients/identity.ts";
import { keyVault } from "../clients/key-vault/key-vault.ts";
import { storageQueue } from "../clients/storage-queue/storage-queue.ts";
import { vaultName } from "../deployment/addresses.ts";
import type { Settings } from "../deployment/settings.ts";
import type { WorkQueue } from "../engine/ports.ts";
import { rememberedAppIds } from "./app-ids.ts";
import { clock } from "./clock.ts";
import { madeLately } from "./made-lately.ts";
import { memoized } from "./memoize.ts";
import { settings, type storageSettings } from "./settings.ts";
import { toldLately } from "./told-lately.ts";

/** The connections that all invocations share: they keep tokens and sockets. Each is made when it is first asked for. */
export type Connections = ReturnType<typeof connect>;

export function connect({ keyVaultUrl, graphUrl, tenantId, managedIdentityClientId }: Settings) {
  const credential = memoized(() => ownCredential(managedIdentityClientId));
  const own = memoized(() => ownTokens(credential(), { graphUrl, tenantId }));
  const others = new Map<string, OwnTokens>();
  const scope = `${graphUrl}/.default`;
  const token = (claims?: string) => (claims === undefined ? own().tokenFor(scope) : own().renewed(scope, claims));
  const asOwn = memoized(() => ({
    ...graph(graphUrl, token, clock),
    objectId: () => ownObjectId(() => token(), credential().lookUp),
  }));
  return {
    credential,
    own,
    /** As another identity that is assigned to the app, where one is named. */
    ownAs(clientId: string | undefined): OwnTokens {
      if (clientId === undefined) return own();
      const known = others.get(clientId) ?? ownTokens(ownCredential(clientId), { graphUrl, tenantId });
      others.set(clientId, known);
      return known;
    },
    vault: memoized(() => keyVault({ url: keyVaultUrl, name: vaultName(keyVaultUrl) }, credential())),
    graph: asOwn,
    appIds: memoized(() => rememberedAppIds(asOwn(), async () => (await own().identity()).appId)),
    made: madeLately(clock.now),
    told: toldLately(clock.now),
  };
}

/** A queue of the app; without a storage account every call to it fails, and the timer does the work itself. */
export function openQueue<M extends object>(storage: ReturnType<typeof storageSettings>, name: string): WorkQueue<M> {
  if (storage === undefined) return storageQueue({ kind: "connection-string", connectionString: "" }, name);
  if (storage.kind === "connection-string") return storageQueue(storage, name);
  return storageQueue({ ...storage, credential: ownCredential(storage.clientId) }, name);
}

/** Those of this process. */
export const connections: () => Connections = memoized(() => connect(settings()));

/** The platform's managed identity where it offers one, otherwise whoever the developer is signed in as. */
function ownCredential(clientId: string | undefined): OwnCredential {
  const { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: header = "" } = process.env;
  if (url) return { ...withinTime(managedIdentity(clientId, { url, header }, clock)), lookUp: lookUp(clientId) };
  const developer = memoized(async () => new (await import("@azure/identity")).DefaultAzureCredential());
  return withinTime({ getToken: async (...wanted) => (await developer()).getToken(...wanted) });
}

/** By the client id of an identity that has one to itself, or by the name of the app, which the platform tells it. */
function lookUp(clientId: string | undefined): string {
  if (clientId) return `$(az ad sp show --id ${clientId} --query id --output tsv)`;
  const site = `--name ${process.env.WEBSITE_SITE_NAME} --resource-type Microsoft.Web/sites`;
  return `$(az resource list ${site} --query '[0].identity.principalId' --output tsv)`;
}
