import { chooseBotCredential } from "../delivery/plan.ts";
import type { OpenMetadata } from "../delivery/ports.ts";
import { parseRelease } from "../deployment/release.ts";
import type { Finding } from "../hygiene/finding.ts";
import {
  botFindings,
  DEFAULT_ADMIN,
  defaultAdminFindings,
  noBotFindings,
  principalDomainFindings,
} from "../hygiene/hygiene.ts";
import { ownKeyFindings } from "../hygiene/keys-drift.ts";
import type { Ports as HygienePorts } from "../hygiene/ports.ts";
import { signInDrift } from "../hygiene/sign-in-drift.ts";
import { part, type Unread } from "./part.ts";
import { differencesByHand, type Found, registrationDifferences } from "./registrations.ts";

interface Ports {
  authority: string;
  openMetadata: Pick<OpenMetadata, "version" | "bot" | "mechanism">;
  delivery: { usesOwnToken: boolean };
  hygiene: HygienePorts;
}

interface Question {
  deployment: {
    openMetadataUrl: string;
    signInFlow: "implicit" | "auth-code";
    botName: string;
    botCredential: "auto" | "sso" | "jwt";
  };
}

/** What is not as provisioned or not as it ought to be, and what could not be found out. */
export interface Drift {
  /** The worst first. */
  findings: Finding[];
  unread: ({ what: string } & Unread)[];
}

const ORDER: Finding["severity"][] = ["critical", "warning", "notice"];

/** Looks at each thing for itself: what cannot be read is listed beside what the others show. Never throws. */
export async function driftOf(
  ports: Ports,
  { deployment }: Question,
  registrations: { server: Promise<Found>; ingestion: Promise<Found> },
): Promise<Drift> {
  const { openMetadata, hygiene, authority, delivery } = ports;
  const { botName, botCredential, signInFlow: flow, openMetadataUrl: serverUrl } = deployment;
  const { server } = hygiene;
  const settings = server.settings();
  const version = openMetadata.version();
  const release = version.then(parseRelease).catch(() => undefined);
  // To a caller that it does not know the server answers 404, which is no answer to any question.
  const known = server.whoAmI();
  const looks: [what: string, look: () => Promise<Finding[]>][] = [
    ["the registration of the server", async () => registrationFindings(await registrations.server)],
    ["the registration of ingestion", async () => registrationFindings(await registrations.ingestion)],
    [
      "how the server signs people in",
      async () => {
        const found = await registrations.server.catch(() => undefined);
        const platform = flow === "implicit" ? found?.application?.spa : found?.application?.web;
        const redirectUris = platform?.redirectUris ?? [];
        const clientId = found?.application?.appId;
        const provisioned = { serverUrl, authority, flow, clientId, redirectUris, release: await release };
        return signInDrift(await settings, provisioned);
      },
    ],
    [
      "whether the server insists on its principal domain",
      async () => {
        const { enforcePrincipalDomain: enforced } = await settings;
        const { kind } = chooseBotCredential(await version, botCredential);
        const applications = [...(delivery.usesOwnToken ? ["this app"] : []), ...(kind === "sso" ? ["ingestion"] : [])];
        return principalDomainFindings({ enforced, applications });
      },
    ],
    ["the server's own keys", async () => ownKeyFindings(await server.ownKeyIds())],
    [
      "whether the default admin exists",
      async () => {
        await known;
        const exists = await server.userExists(DEFAULT_ADMIN);
        return defaultAdminFindings({ exists, ...(await settings) });
      },
    ],
    [
      `what bot "${botName}" holds`,
      async () => {
        await known;
        const bot = await openMetadata.bot(botName);
        if (!bot) return noBotFindings(botName);
        const { authType } = await openMetadata.mechanism(bot.userId);
        return botFindings({ name: botName, authType }, await release);
      },
    ],
  ];
  const seen = await Promise.all(looks.map(([what, look]) => part(look).then((found) => ({ what, found }))));
  const findings = seen.flatMap(({ found }) => (isUnread(found) ? [] : found));
  return {
    findings: findings.toSorted((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity)),
    unread: seen.flatMap(({ what, found }) => (isUnread(found) ? [{ what, ...found }] : [])),
  };
}

function isUnread(found: Finding[] | Unread): found is Unread {
  return !Array.isArray(found);
}

function registrationFindings(found: Found): Finding[] {
  const kind = "registration";
  const name = `Registration "${found.desired.uniqueName}" (client id ${found.application?.appId})`;
  const ours = registrationDifferences(found).map((difference): Finding => {
    const todo = "Call POST /api/provision, with dryRun first; nothing that was added by hand is taken away";
    return { kind, severity: "warning", what: `${name} ${difference}`, do: todo };
  });
  const byHand = differencesByHand(found).map((difference): Finding => {
    const todo = "It was made by hand, so this app leaves that alone: change it in Entra, once nothing depends on it";
    return { kind, severity: "warning", what: `${name} ${difference}`, do: todo };
  });
  return [...ours, ...byHand];
}
