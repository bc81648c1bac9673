import type { Clock } from "../clock.ts";
import { type AppService, createAppService } from "./app-service/create-app-service.ts";
import { createDirectory, type Directory } from "./directory/create-directory.ts";
import { createEntra, type Entra } from "./entra/create-entra.ts";
import { createEventGrid, type EventGrid } from "./event-grid/create-event-grid.ts";
import type { Wire } from "./exchange.ts";
import { createGraph, type Graph } from "./graph/create-graph.ts";
import { createKeyVault, type KeyVault } from "./key-vault/create-key-vault.ts";
import { createOpenMetadata, type OpenMetadata } from "./openmetadata/create-openmetadata.ts";
import type { CloudOptions } from "./options.ts";
import { createReceivers, type Receivers } from "./receivers/create-receivers.ts";
import { createStorageBlob, type StorageBlob } from "./storage-blob/create-storage-blob.ts";
import { createStorageQueue, type StorageQueue } from "./storage-queue/create-storage-queue.ts";

/** Name of the vault. */
export const VAULT = "openmetadata-kv";
const VAULT_TOPIC = `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/openmetadata/providers/Microsoft.KeyVault/vaults/${VAULT}`;
/** Azure Resource Manager, Key Vault and Storage, as their tokens name them. */
const ARM = "https://management.azure.com";
const VAULT_AUDIENCE = "https://vault.localhost";
const STORAGE = "https://storage.azure.com";
const ALL_PERMISSIONS = [
  "Application.ReadWrite.OwnedBy",
  "DelegatedPermissionGrant.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Application.Read.All",
  "Policy.Read.All",
];

/** The origin of each service. */
export type Urls = Record<
  "entra" | "graph" | "vault" | "openMetadata" | "arm" | "queue" | "blob" | "receivers",
  string
>;

/** The stand-ins, joined with each other and not yet served; `urls` are filled in when they are. */
export interface StandIns {
  directory: Directory;
  identity: { clientId: string; objectId: string };
  api: { clientId: string };
  entra: Entra;
  graph: Graph;
  vault: KeyVault;
  eventGrid: EventGrid;
  appService: AppService;
  openMetadata: OpenMetadata;
  /** Queues of the app's own storage account. */
  storageQueue: StorageQueue;
  /** Blobs of the same account. */
  storageBlob: StorageBlob;
  /** Whoever is told of something by a webhook. */
  receivers: Receivers;
  urls: Urls;
}

/** Makes the stand-ins with what is in them at first: the app's identity and the registration of its API. */
export function createStandIns({ clock, tenantId, graphPermissions, ...options }: CloudOptions, wire: Wire): StandIns {
  const directory = createDirectory({ clock, ...(tenantId ? { tenantId } : {}) });
  const identity = directory.createManagedIdentity({
    displayName: "openmetadata-entra",
    graphPermissions: graphPermissions ?? ALL_PERMISSIONS,
  });
  const api = directory.createApi({
    displayName: "openmetadata-entra",
    appRoles: ["Automation.Run", "Automation.Read"],
  });
  const urls: Urls = { entra: "", graph: "", vault: "", openMetadata: "", arm: "", queue: "", blob: "", receivers: "" };
  const entra = createEntra({ directory, clock });
  const eventGrid = createEventGrid({ clock, wire, vaultTopic: VAULT_TOPIC });
  const authority = (): string => `${urls.entra}/${directory.tenantId}`;
  const vault = createKeyVault({
    clock,
    name: VAULT,
    url: () => urls.vault,
    tenantId: directory.tenantId,
    authority: () => urls.entra,
    resource: () => vaultResource(urls),
    verify: (token) => verify(token, { directory, clock, audience: VAULT_AUDIENCE }),
    raise: (event) => eventGrid.publish(event),
  });
  const appService = createAppService({
    clock,
    verify: (token) => verify(token, { directory, clock, audience: ARM }),
    tenantId: directory.tenantId,
    authorityUrl: authority,
    endpoints: () => ({ ...urls, vaultSuffix: ".vault.localhost" }),
    vaultUrl: (name) => (name === VAULT ? urls.vault : undefined),
    vaultToken: (oid) => entra.issueToken({ aud: VAULT_AUDIENCE, oid, sub: oid, idtyp: "app" }),
  });
  const openMetadata = createOpenMetadata({
    clock,
    release: options.release ?? "1.2.5",
    flow: options.flow ?? "implicit",
    authorityHost: () => urls.entra,
    principalDomain: "example.com",
    adminPrincipals: ["admin", identity.objectId],
    publicKeyUrls: () => [`${authority()}/discovery/v2.0/keys`, `${urls.openMetadata}/api/v1/system/config/jwks`],
    // Asked for at every request: a copy of the whole directory each time would be half of its work.
    clientId: () =>
      directory.state.applications.list().find(({ uniqueName }) => uniqueName?.endsWith("-server"))?.appId ?? "",
    authority,
  });
  const storage = createStorage({ clock, directory, authorityUrl: authority, url: () => urls.queue });
  const graph = createGraph({ directory, clock });
  return {
    directory,
    identity,
    api,
    entra,
    graph,
    vault,
    eventGrid,
    appService,
    openMetadata,
    ...storage,
    receivers: createReceivers(),
    urls,
  };
}

/** Queues and blobs of the app's own storage account. */
function createStorage(
  options: { clock: Clock; directory: Directory } & Pick<
    Parameters<typeof createStorageQueue>[0],
    "authorityUrl" | "url"
  >,
): Pick<StandIns, "storageQueue" | "storageBlob"> {
  const { clock, directory, authorityUrl, url } = options;
  const checked = {
    verify: (token: string) => verify(token, { directory, clock, audience: STORAGE }),
    authorityUrl,
  };
  return {
    storageQueue: createStorageQueue({ clock, url, ...checked }),
    storageBlob: createStorageBlob(checked),
  };
}

/** The names under which tokens can be asked for that are no matter of the directory. */
export function registerResources({ directory, urls }: StandIns): void {
  for (const name of [VAULT_AUDIENCE, vaultResource(urls)]) {
    directory.registerResource(name, { audience: VAULT_AUDIENCE });
  }
  for (const name of [ARM, "https://management.core.windows.net", urls.arm]) {
    directory.registerResource(name, { audience: ARM });
  }
  directory.registerResource(STORAGE, { audience: STORAGE });
}

/** What a client is told to ask a token for: with the port of the vault, as some clients compare it. */
function vaultResource({ vault }: Urls): string {
  return `${VAULT_AUDIENCE}:${new URL(vault).port}`;
}

async function verify(
  token: string,
  { directory, clock, audience }: { directory: Directory; clock: Clock; audience: string },
): Promise<{ objectId: string }> {
  const claims = await directory.keys.verify(token, clock.now());
  if (directory.isRevoked(claims)) throw new Error("The token was revoked");
  if (claims.aud !== audience) throw new Error("The token is for another audience");
  return { objectId: String(claims.oid) };
}
