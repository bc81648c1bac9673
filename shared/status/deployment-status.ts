import type { OpenMetadata } from "../delivery/ports.ts";
import type { CredentialKind } from "../deployment/credentials.ts";
import type { AcceptedFindings } from "../deployment/finding-kinds.ts";
import { askAccess } from "../hygiene/access.ts";
import type { Registrations } from "../registration/ports.ts";
import type { Policy } from "../rotation/order.ts";
import { accept } from "./accepted.ts";
import { type Condition, type Verdict, worst } from "./condition.ts";
import type { Describe } from "./credential.ts";
import { type CredentialRead, credentialConditions, type Judging } from "./credential-conditions.ts";
import { deploymentConditions, isSetUp } from "./deployment-conditions.ts";
import { driftOf, worstFirst } from "./drift.ts";
import { historyOf, type Past } from "./history.ts";
import { describeRegistration, findRegistrations } from "./registrations.ts";
import { sharedIdentityFindings } from "./sharing.ts";
import { isUnread, orUnread } from "./unread.ts";
import { identityOf, serverOf, type WholePorts } from "./whole.ts";

/** Everything that status reads; it writes nothing. */
export interface Ports extends WholePorts {
  authority: string;
  provisioning: { registrations: Pick<Registrations, "find" | "findServicePrincipal"> };
  credentials(): {
    credential: CredentialKind;
    name: string;
    describe: Describe;
    versions(): Promise<Pick<Past, "current" | "staged">>;
  }[];
  openMetadata: Pick<OpenMetadata, "version" | "signInConfiguration" | "bot" | "mechanism">;
}

/** About which deployment, by which policy, at which moment. */
export interface Question {
  tenantId: string;
  deployment: {
    name: string;
    openMetadataUrl: string;
    signInFlow: "implicit" | "auth-code";
    extraRedirectUris: string[];
    serverClientId?: string | undefined;
    ingestionClientId?: string | undefined;
    botName: string;
    botCredential: "auto" | "sso" | "jwt";
    acceptedFindings: AcceptedFindings;
  };
  /** Other deployments whose servers get tokens of the same identity. */
  sharesIdentityWith: readonly string[];
  policy: Policy;
  /** From when on something that is due is late, in milliseconds. */
  lateAfter: number;
  /** Whether what happened is told too, which takes two lists of the vault for each credential. */
  history?: boolean;
  now: Date;
}

/** What status tells of one deployment. */
export type DeploymentStatus = Awaited<ReturnType<typeof statusOf>>;
/** And of one credential of it: what was read, or why it was not, and what that amounts to. */
export type CredentialStatus = CredentialRead & { verdict: Verdict; conditions: Condition[] };

/** What is, and what is due. Each part stands for itself: one that cannot be read says why, and the others still tell. */
export async function statusOf(ports: Ports, question: Question) {
  const { deployment, policy, lateAfter, now } = question;
  const found = findRegistrations(ports, question);
  const [identity, server, ingestion, openMetadata, access, drift, ...credentials] = await Promise.all([
    orUnread(() => identityOf(ports)),
    orUnread(async () => describeRegistration(await found.server)),
    orUnread(async () => describeRegistration(await found.ingestion)),
    orUnread(() => serverOf(ports, deployment)),
    orUnread(() => askAccess(ports.hygiene)),
    driftOf(ports, question, found),
    ...ports.credentials().map(async ({ credential, name, describe }) => ({
      credential,
      secret: name,
      ...(await orUnread(() => describe({ policy, now }))),
    })),
  ]);
  const alsoFound = [
    ...sharedIdentityFindings(deployment.name, question.sharesIdentityWith),
    ...credentials.flatMap((one) => ("findings" in one ? (one.findings ?? []) : [])),
  ];
  const isRegistered = isSetUp({ server, ingestion });
  const holdsSecrets = !isRegistered && (await holdsAny(ports));
  const facts = {
    identity,
    registrations: { server, ingestion },
    openMetadata: { url: deployment.openMetadataUrl, ...openMetadata, access },
    drift: {
      ...drift,
      findings: worstFirst(accept([...drift.findings, ...alsoFound], deployment.acceptedFindings)),
    },
    credentials: credentials.map((one) => judged(one, { now, lateAfter, isSetUp: isRegistered || holdsSecrets })),
  };
  const conditions = deploymentConditions({ ...facts, holdsSecrets });
  const history = question.history ? { history: await tellHistory(ports, credentials, now) } : {};
  return {
    deployment: deployment.name,
    on: now,
    // Ready sums up the others, and those of the credentials too.
    verdict: worst(conditions.map((one) => one.verdict)),
    conditions,
    authority: ports.authority,
    ...facts,
    ...history,
  };
}

/** Does the vault hold a client secret that this app has issued? A token is a server's own, and needs no registration. */
async function holdsAny(ports: Ports): Promise<boolean> {
  const secrets = ports.credentials().filter(({ credential }) => credential !== "bot-token");
  const all = await Promise.all(secrets.map(({ versions }) => orUnread(versions)));
  return all.some((one) => !isUnread(one) && one.current.some(({ keyId }) => keyId !== undefined));
}

/** What happened to the credentials that are used, as far as the vault and Entra say; and what could not be read. */
async function tellHistory(ports: Ports, told: readonly CredentialRead[], now: Date) {
  const used = ports.credentials().flatMap((one) => {
    const facts = told.find(({ credential }) => credential === one.credential);
    return facts && !("unused" in facts) ? [{ ...one, facts }] : [];
  });
  const read = await Promise.all(
    used.map(async ({ credential, name: secret, versions, facts }) => ({
      credential,
      secret,
      ...(await orUnread(versions)),
      listed: "inEntra" in facts ? facts.inEntra.managed : undefined,
    })),
  );
  return {
    events: historyOf(
      read.flatMap((one) => ("error" in one ? [] : [one])),
      now,
    ),
    unread: read.flatMap((one) => {
      if (!("error" in one)) return [];
      const { listed: _, secret: __, ...unread } = one;
      return [unread];
    }),
  };
}

/** A credential as it is told: without its findings, which stand with the others, and with what it amounts to. */
function judged(told: CredentialRead, judging: Judging): CredentialStatus {
  const conditions = credentialConditions(told, judging);
  return { ...told, ...{ findings: undefined }, verdict: worst(conditions.map((one) => one.verdict)), conditions };
}
