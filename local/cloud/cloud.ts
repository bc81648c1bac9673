import type { SiteControl } from "./app-service/create-app-service.ts";
import { WEBSITE_CONTRIBUTOR } from "./app-service/rights.ts";
import { type Certificate, createCertificate, trustCertificate } from "./certificate.ts";
import type { Wire } from "./exchange.ts";
import { createIngestion, type Ingestion } from "./ingestion/create-ingestion.ts";
import { readable } from "./openmetadata/environment.ts";
import type { CloudOptions } from "./options.ts";
import { createPeople, type People } from "./people/create-people.ts";
import { type Recording, recordExchanges } from "./recording.ts";
import { type Served, serve } from "./serve.ts";
import { createStandIns, registerResources, type StandIns, type Urls, VAULT } from "./stand-ins.ts";

export type { CloudOptions } from "./options.ts";

/** Everything outside the app, at work on loopback, and the means to look at it and to trouble it. */
export interface Cloud
  extends Recording,
    Pick<
      StandIns,
      | "directory"
      | "entra"
      | "graph"
      | "vault"
      | "eventGrid"
      | "openMetadata"
      | "appService"
      | "storageQueue"
      | "storageBlob"
      | "receivers"
    > {
  ingestion: Ingestion;
  /** Who sign in to OpenMetadata by the authorization-code flow, once they are started. */
  people: People;
  wire: Wire;
  certificate: Certificate;
  urls: Urls;
  /** The app's own identity and the registration of its API. */
  app: { clientId: string; objectId: string; audience: string };
  /** What the app is told by its settings, the managed identity's endpoint included. */
  settings: Record<string, string>;
  /** A token for the app's API, as a pipeline would get it. */
  callerToken(roles: string[]): Promise<string>;
  /**
   * Puts OpenMetadata on App Service, with these app settings: what of them the server reads counts each time that the
   * site starts. The site's identity may read the vault; the app is a Website Contributor of the site, unless
   * `contributor` is `false`.
   */
  hostOnAppService(given: { settings: Record<string, string>; contributor?: boolean }): Promise<SiteControl>;
  /**
   * Ends the connections that nobody uses at the moment. An app that was stopped has left its own open, since the process
   * lives on: after some restarts that would be more than a process may have.
   */
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

/** The web app on which OpenMetadata may be hosted. */
const SITE = "openmetadata-server";

/** Starts the stand-ins; this process trusts their certificate from then on. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, flow = "implicit", signInEveryMinutes: everyMinutes = 60, env = process.env } = options;
  const certificate = options.certificate ?? (await createCertificate());
  if (!options.certificate) trustCertificate(certificate);
  const wire: Wire = { faults: [], onExchange: [] };
  const standIns = createStandIns(options, wire);
  const { identity, api, ...services } = standIns;
  const { entra, vault, openMetadata, storageQueue, storageBlob, urls } = services;
  const record = recordExchanges(wire, () => openMetadata.options.release, env);
  const { identityUrl, hangUp, close } = await serveAll(standIns, { certificate, wire });
  registerResources(standIns);
  vault.grant(identity.objectId, ["get", "list", "set", "update"]);
  storageBlob.grant(identity.objectId, "Storage Blob Data Owner");
  storageQueue.grant(identity.objectId, "Storage Queue Data Contributor");
  const ingestion = createIngestion({ clock, openMetadata, openMetadataUrl: urls.openMetadata, everyMinutes });
  const people = createPeople({ clock, openMetadata, everyMinutes });

  return {
    ...services,
    ingestion,
    people,
    wire,
    certificate,
    app: { ...identity, audience: api.clientId },
    settings: settingsOf(standIns, { identityUrl, flow }),
    ...record,
    callerToken: (roles) => entra.issueToken({ aud: api.clientId, roles, idtyp: "app" }),
    hostOnAppService: (given) => hostOnAppService(standIns, given),
    hangUp,
    async close() {
      ingestion.stop();
      people.stop();
      await close();
    },
  };
}

/** Serves the stand-ins and fills in where each is. */
async function serveAll(
  { urls, entra, graph, vault, openMetadata, appService, storageQueue, storageBlob, receivers }: StandIns,
  tls: { certificate: Certificate; wire: Wire },
): Promise<Pick<Cloud, "hangUp" | "close"> & { identityUrl: string }> {
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
  urls.queue = await start(storageQueue.app, {
    service: "storage-queue",
    host: "openmetadata.queue.localhost",
    ...tls,
  });
  urls.blob = await start(storageBlob.app, { service: "storage-blob", host: "openmetadata.blob.localhost", ...tls });
  urls.receivers = await start(receivers.app, { service: "receivers", host: "receivers.localhost", ...tls });
  const { wire } = tls;
  const identityUrl = await start(entra.managedIdentity, { service: "entra", host: "127.0.0.1", wire });
  return {
    identityUrl,
    async hangUp() {
      for (const one of served) one.hangUp();
      // Whoever keeps the other end learns of it before it is used again: the loop looks once at all sockets.
      for (let turns = 0; turns < 2; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    close: async () => void (await Promise.all(served.map((one) => one.close()))),
  };
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
    AzureWebJobsStorage__queueServiceUri: urls.queue,
    AzureWebJobsStorage__blobServiceUri: urls.blob,
    AzureWebJobsStorage__credential: "managedidentity",
    AzureWebJobsStorage__clientId: identity.clientId,
    IDENTITY_ENDPOINT: `${identityUrl}/msi/token`,
    IDENTITY_HEADER: entra.identityHeader,
    // Where a pod of AKS has a workload identity, Microsoft's credential would ask for that one.
    AZURE_FEDERATED_TOKEN_FILE: "",
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
