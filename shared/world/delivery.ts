import { signIn } from "../clients/entra/sign-in.ts";
import type { Ports } from "../delivery/ports.ts";
import { authorityOf, tenantKeysUrl, vaultName } from "../deployment/addresses.ts";
import { secretName } from "../deployment/credentials.ts";
import { clock } from "./clock.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a push of ingestion's credential reads, writes and signs in with. */
export function deliveryPorts({ settings, deployment, connections, server, log }: Surroundings): Ports {
  const authority = authorityOf(settings);
  const { usesOwnToken, scope, forgetScope } = server();
  const signInAt = signIn(authority);
  return {
    deployment,
    openMetadata: server(),
    usesOwnToken,
    vault: vaultName(settings.keyVaultUrl),
    ownObjectId: async () => (await connections.ownAs(deployment.identityClientId).identity()).objectId,
    keysUrl: tenantKeysUrl(authority),
    authority,
    readWithinHours: settings.readWithinHours,
    scope,
    hadToken: async () =>
      (await connections.vault()(secretName(deployment, "bot-token")).latest())?.keyId !== undefined,
    async signIn(clientId, clientSecret) {
      try {
        return await signInAt({ clientId, clientSecret, scope: await scope() });
      } catch (error) {
        forgetScope();
        throw error;
      }
    },
    now: clock.now,
    log,
  };
}
