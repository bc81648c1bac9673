import type { Clock } from "../clock.ts";
import { contractsFromEnvironment } from "../contracts/contracts.ts";
import { type AppService, createAppService, type SiteControl } from "./app-service/create-app-service.ts";
import { WEBSITE_CONTRIBUTOR } from "./app-service/rights.ts";
import { type Certificate, createCertificate, trustCertificate } from "./certificate.ts";
import { createDirectory, type Directory } from "./directory/create-directory.ts";
import { createEntra, type Entra } from "./entra/create-entra.ts";
import { createEventGrid, type EventGrid } from "./event-grid/create-event-grid.ts";
import type { Exchange, Service, Wire } from "./exchange.ts";
import { createGraph, type Graph } from "./graph/create-graph.ts";
import { createIngestion, type Ingestion } from "./ingestion/create-ingestion.ts";
import { createKeyVault, type KeyVault } from "./key-vault/create-key-vault.ts";
import { createOpenMetadata, type OpenMetadata } from "./openmetadata/create-openmetadata.ts";
import { readable } from "./openmetadata/environment.ts";
import type { Release } from "./openmetadata/releases.ts";
import { createPeople, type People } from "./people/create-people.ts";
import { type Served, serve } from "./serve.ts";

export interface CloudOptions {
  clock: Clock;
  tenantId?: string;
  /** Release of OpenMetadata; default 1.2.5. */
  release?: Release;
  /** How people sign in to OpenMetadata: default `implicit`; `auth-code` (from 1.3) gives the server a client secret. */
  flow?: "implicit" | "auth-code";
  /** How often each runner of ingestion, and a person, signs in; default 60. */
  signInEveryMinutes?: number;
  /** Graph application permissions of the app's managed identity; default all that it can use. */
  graphPermissions?: string[];
  /** One that this process trusts already, for a process that starts many clouds; default a new one. */
  certificate?: Certificate;
  env?: NodeJS.ProcessEnv;
}

/** Everything outside the app, at work on loopback, and the means to look at it and to trouble it. */
export interface Cloud {
  directory: Directory;
  entra: Entra;
  graph: Graph;
  vault: KeyVault;
  eventGrid: EventGrid;
  openMetadata: OpenMetadata;
  appService: AppService;
  ingestion: Ingestion;
  /** Who sign in to OpenMetadata by the authorization-code flow, once they are started. */
  people: People;
  wire: Wire;
  certificate: Certificate;
  urls: { entra: string; graph: string; vault: string; openMetadata: string; arm: string };
  /** The app's own identity and the registration of its API. */
  app: { clientId: string; objectId: string; audience: string };
  /** What the app is told by its settings, the managed identity's endpoint included. */
  settings: Record<string, string>;
  /** Number of requests to a service so far; token requests are not counted, nor the vault's challenge. */
  requests(service: Service): number;
  /** Published schemas were found in CONTRACTS_DIR, and every exchange is held against them. */
  checksContracts: boolean;
  /** What the exchanges violated, one sentence each. */
  violations(): string[];
  /** A token for the app's API, as a pipeline would get it. */
  callerToken(roles: string[]): Promise<string>;
  /**
   * Puts OpenMetadata on App Service, with these app settings: what of them the server reads counts each time that the
   * site starts. The site's identity may read the vault; the app is a Website Contributor of the site, unless
   * `contributor` is `false`.
   */
  hostOnAppService(given: { settings: Record<string, string>; contributor?: boolean }): Promise<SiteControl>;
  close(): Promise<void>;
}

const VAULT = "openmetadata-kv";
const VAULT_TOPIC = `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/openmetadata/providers/Microsoft.KeyVault/vaults/${VAULT}`;
/** The web app on which OpenMetadata may be hosted. */
const SITE = "openmetadata-server";
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

/** Starts the stand-ins; this process trusts their certificate from then on. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, flow = "implicit", signInEveryMinutes: everyMinutes = 60, env = process.env } = options;
  const certificate = options.certificate ?? (await createCertificate());
  if (!options.certificate) trustCertificate(certificate);
  const wire: Wire = { faults: [], onExchange: [] };
  const standIns = createStandIns(options, wire);
  const { directory, identity, api, entra, graph, vault, eventGrid, appService, openMetadata, urls } = standIns;
  const record = recordExchanges(wire, openMetadata, env);
  const { identityUrl, close } = await serveAll(standIns, { certificate, wire });
  registerResources(standIns);
  vault.grant(identity.objectId, ["get", "list", "set", "update"]);
  const ingestion = createIngestion({ clock, openMetadata, openMetadataUrl: urls.openMetadata, everyMinutes });
  const people = createPeople({ clock, openMetadata, everyMinutes });

  return {
    directory,
    entra,
    graph,
    vault,
    eventGrid,
    openMetadata,
    appService,
    ingestion,
    people,
    wire,
    certificate,
    urls,
    app: { ...identity, audience: api.clientId },
    settings: settingsOf(standIns, { identityUrl, flow }),
    ...record,
    callerToken: (roles) => entra.issueToken({ aud: api.clientId, roles, idtyp: "app" }),
    hostOnAppService: (given) => hostOnAppService(standIns, given),
    async close() {
      ingestion.stop();
      people.stop();
      await close();
    },
  };
}

type Urls = Cloud["urls"];

/** The stand-ins, joined with each other and not yet served; `urls` are filled in when they are. */
interface StandIns {
  directory: Directory;
  identity: { clientId: string; objectId: string };
  api: { clientId: string };
  entra: Entra;
  graph: Graph;
  vault: KeyVault;
  eventGrid: EventGrid;
  appService: AppService;
  openMetadata: OpenMetadata;
  urls: Urls;
}

function createStandIns({ clock, tenantId, graphPermissions, ...options }: CloudOptions, wire: Wire): StandIns {
  const directory = createDirectory({ clock, ...(tenantId ? { tenantId } : {}) });
  const identity = directory.createManagedIdentity({
    displayName: "openmetadata-entra",
    graphPermissions: graphPermissions ?? ALL_PERMISSIONS,
  });
  const api = directory.createApi({
    displayName: "openmetadata-entra",
    appRoles: ["Automation.Run", "Automation.Read"],
  });
  const urls: Urls = { entra: "", graph: "", vault: "", openMetadata: "", arm: "" };
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
  const graph = createGraph({ directory, clock });
  return { directory, identity, api, entra, graph, vault, eventGrid, appService, openMetadata, urls };
}

/** Counts what goes over the wire, and holds it against the published contracts where these are at hand. */
function recordExchanges(
  wire: Wire,
  openMetadata: OpenMetadata,
  env: NodeJS.ProcessEnv,
): Pick<Cloud, "requests" | "checksContracts" | "violations"> {
  const counts = new Map<Service, number>();
  const violations = new Set<string>();
  const contracts = contractsFromEnvironment(env);
  wire.onExchange.push((exchange) => {
    if (isCounted(exchange)) counts.set(exchange.service, (counts.get(exchange.service) ?? 0) + 1);
    for (const violation of contracts?.check(exchange, openMetadata.options.release) ?? []) violations.add(violation);
  });
  return {
    requests: (service) => counts.get(service) ?? 0,
    checksContracts: contracts !== undefined,
    violations: () => [...violations],
  };
}

/** Serves the stand-ins and fills in where each is. */
async function serveAll(
  { urls, entra, graph, vault, openMetadata, appService }: StandIns,
  tls: { certificate: Certificate; wire: Wire },
): Promise<{ identityUrl: string; close(): Promise<void> }> {
  const served: Served[] = [];
  const start = async (app: Parameters<typeof serve>[0], how: Parameters<typeof serve>[1]): Promise<string> => {
    const one = await serve(app, how);
    served.push(one);
    return one.url;
  };
  urls.entra = await start(entra.app, { service: "entra", host: "login.localhost", ...tls });
  entra.origin = urls.entra;
  urls.graph = await start(graph.app, { service: "graph", host: "graph.localhost", ...tls });
  urls.vault = await start(vault.app, { service: "key-vault", host: `${VAULT}.vault.localhost`, ...tls });
  urls.openMetadata = await start(openMetadata.app, {
    service: "openmetadata",
    host: "openmetadata.localhost",
    ...tls,
  });
  urls.arm = await start(appService.app, { service: "arm", host: "management.localhost", ...tls });
  const { wire } = tls;
  const identityUrl = await start(entra.managedIdentity, { service: "entra", host: "127.0.0.1", wire });
  return { identityUrl, close: async () => void (await Promise.all(served.map((one) => one.close()))) };
}

/** The names under which tokens can be asked for that are no matter of the directory. */
function registerResources({ directory, urls }: StandIns): void {
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

function settingsOf(
  { directory, urls, api, identity, entra }: StandIns,
  { identityUrl, flow }: { identityUrl: string; flow: "implicit" | "auth-code" },
): Record<string, string> {
  return {
    TENANT_ID: directory.tenantId,
    KEY_VAULT_URL: urls.vault,
    OPENMETADATA_URL: urls.openMetadata,
    PRINCIPAL_DOMAIN: "example.com",
    ...(flow === "auth-code" ? { SIGN_IN_FLOW: flow } : {}),
    AUTHORITY_HOST: urls.entra,
    GRAPH_URL: urls.graph,
    ARM_URL: urls.arm,
    API_AUDIENCE: api.clientId,
    AZURE_CLIENT_ID: identity.clientId,
    IDENTITY_ENDPOINT: `${identityUrl}/msi/token`,
    IDENTITY_HEADER: entra.identityHeader,
  };
}

async function hostOnAppService(
  { directory, identity, vault, appService, openMetadata }: StandIns,
  { settings, contributor = true }: Parameters<Cloud["hostOnAppService"]>[0],
): Promise<SiteControl> {
  const site = directory.createManagedIdentity({ displayName: SITE, graphPermissions: [] });
  vault.grant(site.objectId, ["get"]);
  const hosted = await appService.addSite({
    name: SITE,
    settings,
    identityObjectId: site.objectId,
    onStart(environment) {
      openMetadata.setEnvironment(readable(environment));
      openMetadata.restart();
    },
  });
  if (contributor) appService.grant(identity.objectId, WEBSITE_CONTRIBUTOR, hosted.id);
  return hosted;
}

function isCounted({ service, status }: Exchange): boolean {
  return service !== "entra" && !(service === "key-vault" && status === 401);
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
