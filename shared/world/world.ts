import { callerTokens } from "../clients/entra/caller-tokens.ts";
import { signIn } from "../clients/entra/sign-in.ts";
import { consents } from "../clients/graph/consents.ts";
import { registrations } from "../clients/graph/registrations.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { credentialsOf, ownerAmong, registrationNames, secretName } from "../deployment/names.ts";
import { readSettings, type Settings } from "../deployment/settings.ts";
import { SettingsError } from "../errors.ts";
import { takeBackDelivery } from "../rotation/client-secret/push.ts";
import type { CredentialKind } from "../rotation/credential-kind.ts";
import { clock } from "./clock.ts";
import { connect } from "./connections.ts";
import { credentialOf } from "./credentials.ts";
import { once } from "./once.ts";
import { openServer } from "./open-metadata.ts";

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
  now: clock.now,
  verifyToken: once(() => {
    const { apiAudience, authorityHost: host, tenantId } = settings();
    return apiAudience === undefined ? undefined : callerTokens({ host, tenantId }, apiAudience);
  }),
};

/** Whose credential is stored under this name? */
export function ownerOf(secret: string): ReturnType<typeof ownerAmong> {
  return ownerAmong(settings().deployments, secret);
}

/** One deployment with everything around it that can be read or written. */
export type World = ReturnType<typeof openWorld>;

const connections = once(() => connect(settings()));

/** Opens the world of a deployment for one invocation. `log` takes a line for the platform's log. */
export function openWorld(deployment: Deployment, log: (line: string) => void) {
  const { tenantId, authorityHost, graphUrl, armUrl, keyVaultUrl, readWithinHours } = settings();
  const { own, graph, vault } = connections();
  const ingestionSecret = secretName(deployment, "ingestion-client-secret");
  const authority = `${authorityHost}/${tenantId}`;
  const server = openServer(deployment, connections());
  const signInAt = signIn({ host: authorityHost, tenantId });
  const delivery = {
    deployment,
    openMetadata: server,
    usesOwnToken: server.usesOwnToken,
    ownObjectId: async (): Promise<string> => (await own.identity()).objectId,
    keysUrl: `${authority}/discovery/v2.0/keys`,
    authority,
    readWithinHours,
    scope: server.scope,
    async signIn(appId: string, value: string) {
      try {
        return await signInAt({ clientId: appId, clientSecret: value, scope: await server.scope() });
      } catch (error) {
        server.forgetScope();
        throw error;
      }
    },
    now: clock.now,
    log,
  };
  const { ownObjectId } = delivery;
  const hygiene = {
    deployment,
    server: { ...server.hygiene, whoAmI: () => server.whoAmI() },
    ownObjectId,
    log,
  };
  const credential = (kind: CredentialKind) =>
    credentialOf(kind, {
      ...connections(),
      delivery,
      server,
      signInToGraph: (appId, value) =>
        signInAt({ clientId: appId, clientSecret: value, scope: `${graphUrl}/.default` }),
      armUrl,
      vaultName: new URL(keyVaultUrl).hostname.split(".")[0] ?? "",
    });
  return {
    authority,
    names: registrationNames(deployment),
    identity: own.identity,
    openMetadata: server,
    provisioning: {
      registrations: registrations(graph),
      takeBackDelivery: () => takeBackDelivery(vault(ingestionSecret), { name: ingestionSecret, log }),
      ...clock,
      log,
    },
    consent: { consents: consents(graph), identity: own.identity, log },
    delivery,
    hygiene,
    credential,
    /** All credentials of the deployment. */
    credentials: () => credentialsOf(deployment).map(credential),
  };
}

function readOnce(): Settings | SettingsError {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}
