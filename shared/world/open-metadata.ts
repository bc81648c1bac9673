import type { SecretStore } from "../clients/key-vault/key-vault.ts";
import { botTokens } from "../clients/open-metadata/bot-tokens.ts";
import { openMetadataCalls } from "../clients/open-metadata/calls.ts";
import { openMetadataHygiene } from "../clients/open-metadata/hygiene.ts";
import { openMetadata } from "../clients/open-metadata/open-metadata.ts";
import { securityConfiguration } from "../clients/open-metadata/security-configuration.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { registrationNames } from "../deployment/names.ts";
import { StalledError } from "../errors.ts";
import type { Connections } from "./connections.ts";
import { once } from "./once.ts";

/** The OpenMetadata server of a deployment, and how we and ingestion sign in to it. */
export function openServer(deployment: Deployment, { own, vault, appIds }: Connections) {
  const { server } = registrationNames(deployment);
  const scope = async (): Promise<string> => `api://${await appIds.of(server)}/.default`;
  const secret = deployment.openMetadataTokenSecret;
  const ownToken = async (): Promise<string> => {
    try {
      return await own.tokenFor(await scope());
    } catch {
      appIds.forget(server);
      return own.tokenFor(await scope());
    }
  };
  const token = once(() => (secret ? storedToken(vault(secret), secret) : ownToken()));
  const calls = openMetadataCalls(deployment.openMetadataUrl, token);
  return {
    ...openMetadata(calls),
    tokens: botTokens(calls),
    security: securityConfiguration(calls),
    hygiene: openMetadataHygiene(calls),
    scope,
    forgetScope: () => appIds.forget(server),
    /** Whether we sign in with the app's own Entra token rather than one from the vault. */
    usesOwnToken: secret === undefined,
  };
}

async function storedToken(secret: SecretStore, name: string): Promise<string> {
  const latest = await secret.latest();
  if (latest?.enabled) return secret.value(latest.version);
  throw new StalledError(
    `Cannot sign in to OpenMetadata: the vault has no enabled secret "${name}"`,
    "Store the token of an administrator's bot there (OPENMETADATA_TOKEN_SECRET names it)",
  );
}
