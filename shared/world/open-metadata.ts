import { administrators } from "../clients/open-metadata/administrators.ts";
import { botTokens } from "../clients/open-metadata/bot-tokens.ts";
import { bots } from "../clients/open-metadata/bots.ts";
import { openMetadataCalls } from "../clients/open-metadata/calls.ts";
import { fullSettings } from "../clients/open-metadata/full-settings.ts";
import { pipelines } from "../clients/open-metadata/pipelines.ts";
import { securityConfiguration } from "../clients/open-metadata/security-configuration.ts";
import { system } from "../clients/open-metadata/system.ts";
import { defaultScope } from "../deployment/addresses.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { registrationNames } from "../deployment/registration-names.ts";
import { StalledError } from "../errors.ts";
import type { Connections } from "./connections.ts";
import { memoized } from "./memoize.ts";

/** The OpenMetadata server of a deployment, and how we and ingestion sign in to it. */
export type OpenMetadataServer = ReturnType<typeof openServer>;

export function openServer(deployment: Deployment, connections: Connections) {
  const { server } = registrationNames(deployment);
  const { openMetadataTokenSecret: secret, identityClientId } = deployment;
  const own = memoized(() => connections.ownAs(identityClientId));
  const scope = async (): Promise<string> => defaultScope(await connections.appIds().of(server));
  const forgetScope = (): void => connections.appIds().forget(server);
  const ownToken = async (): Promise<string> => {
    try {
      return await own().tokenFor(await scope());
    } catch {
      forgetScope();
      return own().tokenFor(await scope());
    }
  };
  const token = memoized(() => (secret === undefined ? ownToken() : storedToken(connections, secret)));
  const calls = openMetadataCalls(deployment.openMetadataUrl, token);
  const told = system(calls);
  const security = securityConfiguration(calls);
  return {
    ...told,
    settings: fullSettings(told.signInConfiguration, security),
    ...bots(calls),
    ...pipelines(calls),
    ...administrators(calls),
    tokens: botTokens(calls),
    security,
    scope,
    forgetScope,
    /** Whether we sign in with the app's own Entra token rather than one from the vault. */
    usesOwnToken: secret === undefined,
    /** As whom, in Entra; undefined where we sign in with a token from the vault. */
    signsInAs: async () => (secret === undefined ? own().identity() : undefined),
  };
}

async function storedToken({ vault }: Connections, name: string): Promise<string> {
  const secret = vault()(name);
  const latest = await secret.latest();
  if (latest?.enabled) return secret.value(latest.version);
  throw new StalledError(
    "openmetadata-forbidden",
    `Cannot sign in to OpenMetadata: the vault has no enabled secret "${name}"`,
    { hint: "Store the token of an administrator's bot in that secret, or correct OPENMETADATA_TOKEN_SECRET" },
  );
}
