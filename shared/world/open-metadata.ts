import { administrators } from "../clients/open-metadata/administrators.ts";
import { botTokens } from "../clients/open-metadata/bot-tokens.ts";
import { bots } from "../clients/open-metadata/bots.ts";
import { type OwnToken, openMetadataCalls } from "../clients/open-metadata/calls.ts";
import { fullSettings } from "../clients/open-metadata/full-settings.ts";
import { pipelines } from "../clients/open-metadata/pipelines.ts";
import { securityConfiguration } from "../clients/open-metadata/security-configuration.ts";
import { system } from "../clients/open-metadata/system.ts";
import { defaultScope } from "../deployment/addresses.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { registrationNames } from "../deployment/registration-names.ts";
import { storeTokenCommand } from "../deployment/stored-token.ts";
import { StalledError } from "../errors.ts";
import { askingOnce } from "./asking-once.ts";
import type { Connections } from "./connections.ts";
import { memoized } from "./memoize.ts";

/** The OpenMetadata server of a deployment, and how we and ingestion sign in to it. */
export type OpenMetadataServer = ReturnType<typeof openServer>;

export function openServer(deployment: Deployment, connections: Connections, { asksOnce = false } = {}) {
  const once = asksOnce ? askingOnce : <T>(part: T): T => part;
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
  const token =
    secret === undefined
      ? renewable(ownToken, async () => own().renewed(await scope()))
      : memoized(() => storedToken(connections, secret));
  const calls = openMetadataCalls(deployment.openMetadataUrl, token);
  const told = once(system(calls));
  const security = once(securityConfiguration(calls));
  return {
    ...told,
    ...once({ settings: fullSettings(told.signInConfiguration, security) }),
    ...once(bots(calls)),
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

/** What was refused once is had anew once; from then on that counts. */
function renewable(first: () => Promise<string>, anew: () => Promise<string>): OwnToken {
  const [usual, renewed] = [memoized(first), memoized(anew)];
  let isRefused = false;
  return (refused) => {
    isRefused ||= refused !== undefined;
    return isRefused ? renewed() : usual();
  };
}

async function storedToken({ vault }: Connections, name: string): Promise<string> {
  const secret = vault()(name);
  const latest = await secret.latest();
  // Of a deployment that is in no list any more, too: who writes the list must not choose where its secrets go.
  const isOwn = latest?.keyId !== undefined;
  if (latest?.enabled && !isOwn) return secret.value(latest.version);
  throw new StalledError(
    "openmetadata-forbidden",
    `Cannot sign in to OpenMetadata: ${isOwn ? `secret "${name}" was stored by this app` : `the vault has no enabled secret "${name}"`}`,
    {
      hint: `Correct OPENMETADATA_TOKEN_SECRET, or store the token of an administrator's bot in that secret; this asks for it:\n${storeTokenCommand({ vault: secret.vault, secret: name })}`,
    },
  );
}
