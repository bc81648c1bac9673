import type { OpenMetadata } from "../delivery/ports.ts";
import { chooseBotCredential } from "../deployment/bot-credential.ts";
import { DEFAULT_ADMIN } from "../deployment/openmetadata-defaults.ts";
import { FIRST_TOKEN_ONLY, isAtLeast, parseRelease, type Release } from "../deployment/release.ts";
import { StalledError } from "../errors.ts";
import { botFindings, noBotFindings } from "../hygiene/bot.ts";
import { defaultAdminFindings, isListed } from "../hygiene/default-admin.ts";
import type { Finding } from "../hygiene/finding.ts";
import { ownKeyFindings } from "../hygiene/keys-drift.ts";
import type { Ports as HygienePorts, ServerSettings } from "../hygiene/ports.ts";
import { principalDomainFindings } from "../hygiene/principal-domain.ts";
import { signInDrift } from "../hygiene/sign-in-drift.ts";
import { type Found, registrationFindings } from "./registrations.ts";

export interface Ports {
  authority: string;
  openMetadata: Pick<OpenMetadata, "version" | "bot" | "mechanism">;
  delivery: { usesOwnToken: boolean };
  hygiene: HygienePorts;
}

export interface Question {
  deployment: {
    openMetadataUrl: string;
    signInFlow: "implicit" | "auth-code";
    botName: string;
    botCredential: "auto" | "sso" | "jwt";
  };
}

/** One thing to look at; `what` names it where it cannot be read. */
interface Look {
  what: string;
  look(): Promise<Finding[]>;
}

/** What several looks share; each is asked for once, and fails where it is used. */
interface Shared {
  registrations: { server: Promise<Found>; ingestion: Promise<Found> };
  settings: Promise<ServerSettings>;
  version: Promise<string>;
  release: Promise<Release | undefined>;
  /** To a caller that it does not know the server answers 404, which is no answer to any question. */
  known: Promise<unknown>;
}

/** Everything in which a deployment may have drifted. */
export function looksAt(
  ports: Ports,
  deployment: Question["deployment"],
  registrations: Shared["registrations"],
): Look[] {
  const { openMetadata, hygiene } = ports;
  const version = openMetadata.version();
  const shared: Shared = {
    registrations,
    settings: hygiene.server.settings(),
    version,
    release: version.then(parseRelease).catch(() => undefined),
    known: hygiene.server.whoAmI(),
  };
  return [
    { what: "the registration of the server", look: async () => registrationFindings(await registrations.server) },
    { what: "the registration of ingestion", look: async () => registrationFindings(await registrations.ingestion) },
    { what: "how the server signs people in", look: () => signIn(ports, deployment, shared) },
    { what: "whose tokens the server accepts", look: () => keysTold(shared) },
    {
      what: "whether the server enforces its principal domain",
      look: () => principalDomain(ports, deployment, shared),
    },
    { what: "the server's own keys", look: async () => ownKeyFindings(await hygiene.server.ownKeyIds()) },
    { what: "whether the default admin exists", look: () => defaultAdmin(ports, shared) },
    { what: `the credential of bot "${deployment.botName}"`, look: () => bot(ports, deployment, shared) },
  ];
}

async function signIn(
  { authority }: Ports,
  { openMetadataUrl: serverUrl, signInFlow: flow }: Question["deployment"],
  { registrations, settings, release }: Shared,
): Promise<Finding[]> {
  const found = await registrations.server.catch(() => undefined);
  const platform = flow === "implicit" ? found?.application?.spa : found?.application?.web;
  const redirectUris = platform?.redirectUris ?? [];
  const clientId = found?.application?.appId;
  return signInDrift(await settings, { serverUrl, authority, flow, clientId, redirectUris, release: await release });
}

/** The keys are judged with the rest of sign-in; that nobody could be asked for them is said here. */
async function keysTold({ settings }: Shared): Promise<Finding[]> {
  if (!(await settings).publicKeyUrls) throw notTold();
  return [];
}

async function principalDomain(
  { delivery }: Ports,
  { botCredential }: Question["deployment"],
  { settings, version }: Shared,
): Promise<Finding[]> {
  const { enforcePrincipalDomain: enforced } = await settings;
  if (enforced === undefined) throw notTold();
  const { kind } = chooseBotCredential(await version, botCredential);
  const applications = [...(delivery.usesOwnToken ? ["this app"] : []), ...(kind === "sso" ? ["ingestion"] : [])];
  return principalDomainFindings({ enforced, applications });
}

async function defaultAdmin({ hygiene }: Ports, { settings, known, release }: Shared): Promise<Finding[]> {
  await known;
  const exists = await hygiene.server.userExists(DEFAULT_ADMIN);
  const found = await settings;
  return defaultAdminFindings({ exists, provider: found.provider, listed: isListed(found, await release) });
}

function notTold(): StalledError {
  return new StalledError("openmetadata-forbidden", "The server shows this setting to administrators only", {
    hint: "Make the app's user an administrator: openMetadata.access in this answer says how",
  });
}

async function bot(
  { openMetadata }: Ports,
  { botName }: Question["deployment"],
  { known, release }: Shared,
): Promise<Finding[]> {
  await known;
  const found = await openMetadata.bot(botName);
  if (!found) return noBotFindings(botName);
  const at = await release;
  // Before, it may hold either, and what it holds is not asked for.
  if (at && !isAtLeast(at, FIRST_TOKEN_ONLY)) return [];
  const { authType } = await openMetadata.mechanism(found.userId);
  return botFindings({ name: botName, authType }, at);
}
