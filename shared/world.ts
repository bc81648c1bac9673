import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { callerTokens } from "./clients/caller-token.ts";
import { type Graph, graph } from "./clients/graph.ts";
import { consents } from "./clients/graph-consent.ts";
import { credentials } from "./clients/graph-credentials.ts";
import { type RegistrationName, registrations } from "./clients/graph-registrations.ts";
import { ownTokens } from "./clients/identity.ts";
import { keyVault } from "./clients/key-vault.ts";
import { openMetadata } from "./clients/open-metadata.ts";
import { openMetadataCalls } from "./clients/open-metadata-calls.ts";
import { signIn } from "./clients/sign-in.ts";
import { ingestionBot } from "./delivery/push-to-bot.ts";
import { SettingsError, StalledError } from "./errors.ts";
import type { Ports as RotationPorts } from "./rotation/ports.ts";
import { type Deployment, readSettings, type Settings } from "./settings.ts";

/** The settings of this process, or why there are none; read once, never thrown at load. */
const read = readOnce();

/** @throws {SettingsError} that names every fault. */
export function settings(): Settings {
  if (read instanceof SettingsError) throw read;
  return read;
}

/**
 * NCRONTAB of the timer: left to the host where it is set, so that the portal shows the setting. With wrong settings,
 * which its own may be among, the timer runs hourly and fails.
 */
export const rotationSchedule =
  process.env.ROTATION_SCHEDULE && !(read instanceof SettingsError) ? "%ROTATION_SCHEDULE%" : "0 0 * * * *";

/** Function keys guard the HTTP functions, unless bearer tokens do. Nothing is ever open to anyone. */
export const authLevel = read instanceof SettingsError || read.apiAudience === undefined ? "function" : "anonymous";

/** Lets in who holds a token of the tenant for this API. */
export const guard = {
  settings,
  verifyToken: once(() => {
    const { apiAudience, authorityHost: host, tenantId } = settings();
    return apiAudience === undefined ? undefined : callerTokens({ host, tenantId }, apiAudience);
  }),
};

/** The kinds of credential that are rotated, by the end of the name of their vault secret. */
export type CredentialKind = "ingestion-client-secret";

/** Whose credential is stored under this name? Staged twins belong to none. Key Vault's names have no case. */
export function ownerOf(secret: string): { deployment: Deployment; credential: CredentialKind } | undefined {
  for (const deployment of settings().deployments) {
    for (const credential of credentialKinds()) {
      if (secretName(deployment, credential) === secret.toLowerCase()) return { deployment, credential };
    }
  }
  return undefined;
}

function credentialKinds(): CredentialKind[] {
  return ["ingestion-client-secret"];
}

function secretName({ name }: Deployment, credential: CredentialKind): string {
  return `${name}-${credential}`;
}

/** One deployment with everything around it that can be read or written. */
export type World = ReturnType<typeof openWorld>;

/** Connections that all invocations share. */
const connections = once(() => {
  const { keyVaultUrl, graphUrl, managedIdentityClientId } = settings();
  const credential = ownCredential(managedIdentityClientId);
  const own = ownTokens(credential, graphUrl);
  return {
    own,
    vault: keyVault(keyVaultUrl, credential),
    graph: graph(graphUrl, () => own.tokenFor(`${graphUrl}/.default`), wait),
  };
});

/** Opens the world of a deployment for one invocation. `log` takes a line for the platform's log. */
export function openWorld(deployment: Deployment, log: (line: string) => void) {
  const { tenantId, authorityHost } = settings();
  const { own, vault, graph } = connections();
  const authority = `${authorityHost}/${tenantId}`;
  const names = registrationNames(deployment);
  const signInAt = signIn({ host: authorityHost, tenantId });
  const serverAppId = once(() => appIdOf(graph, names.server));
  const scope = async (): Promise<string> => `api://${await serverAppId()}/.default`;
  const now = (): Date => new Date();
  const signInAs = async (appId: string, value: string) =>
    signInAt({ clientId: appId, clientSecret: value, scope: await scope() });
  const tokenSecret = deployment.openMetadataTokenSecret;
  const openMetadataToken = once(() =>
    tokenSecret ? storedToken(vault(tokenSecret), tokenSecret) : scope().then((wanted) => own.tokenFor(wanted)),
  );
  const calls = openMetadataCalls(deployment.openMetadataUrl, openMetadataToken);
  const server = openMetadata(calls);
  const ownObjectId = async (): Promise<string> => (await own.identity()).objectId;
  const delivery = {
    deployment,
    openMetadata: server,
    usesOwnToken: tokenSecret === undefined,
    ownObjectId,
    keysUrl: `${authority}/discovery/v2.0/keys`,
    authority,
    scope,
    signIn: signInAs,
    now,
    log,
  };
  const rotation = (credential: CredentialKind): RotationPorts => {
    const name = secretName(deployment, credential);
    return {
      name,
      credentials: credentials(graph, names.ingestion),
      current: vault(name),
      staged: vault(`${name}-next`),
      signIn: signInAs,
      consumer: ingestionBot(delivery),
      now,
      wait,
      nonce: randomUUID,
      log,
    };
  };
  return {
    authority,
    names,
    identity: own.identity,
    openMetadata: server,
    provisioning: { registrations: registrations(graph), wait, log },
    consent: { consents: consents(graph), identity: own.identity, log },
    delivery,
    rotation,
    /** All credentials of the deployment. */
    rotations: () => credentialKinds().map(rotation),
  };
}

/** The platform's managed identity where it offers one, otherwise whoever the developer is signed in as. */
function ownCredential(clientId: string | undefined): TokenCredential {
  if (process.env.IDENTITY_ENDPOINT) return new ManagedIdentityCredential(clientId ? { clientId } : {});
  return new DefaultAzureCredential();
}

function registrationNames(deployment: Deployment): { server: RegistrationName; ingestion: RegistrationName } {
  const { name, serverClientId, ingestionClientId } = deployment;
  return {
    server: serverClientId ? { appId: serverClientId } : { uniqueName: `${name}-server` },
    ingestion: ingestionClientId ? { appId: ingestionClientId } : { uniqueName: `${name}-ingestion` },
  };
}

async function appIdOf(graph: Graph, name: RegistrationName): Promise<string> {
  if ("appId" in name) return name.appId;
  const found = await registrations(graph).find(name);
  if (found) return found.appId;
  throw new StalledError(
    `Cannot find the registration "${name.uniqueName}"`,
    "Call POST /api/provision and POST /api/consent first",
  );
}

async function storedToken(secret: ReturnType<ReturnType<typeof keyVault>>, name: string): Promise<string> {
  const latest = await secret.latest();
  if (latest?.enabled) return secret.value(latest.version);
  throw new StalledError(
    `Cannot sign in to OpenMetadata: the vault has no enabled secret "${name}"`,
    "Store the token of an administrator's bot there (OPENMETADATA_TOKEN_SECRET names it)",
  );
}

function readOnce(): Settings | SettingsError {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}

/** Remembers what `make` made; a rejected promise is forgotten. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    if (made.value instanceof Promise) made.value.catch(() => (made = undefined));
    return made.value;
  };
}
