import type { OpenMetadata } from "../delivery/ports.ts";
import { refusalObstacles, tokenObstacles } from "../delivery/token-obstacles.ts";
import { chooseBotCredential } from "../deployment/bot-credential.ts";
import type { RegistrationName } from "../deployment/registration-names.ts";
import { UpstreamError } from "../errors.ts";
import { askAccess } from "../hygiene/access.ts";
import type { Ports as HygienePorts } from "../hygiene/ports.ts";
import type { Identity, Registrations } from "../registration/ports.ts";
import type { Policy } from "../rotation/order.ts";
import type { Describe } from "./credential.ts";
import { driftOf, worstFirst } from "./drift.ts";
import { judgePermissions } from "./permissions.ts";
import { describeRegistration, findRegistrations } from "./registrations.ts";
import { sharedIdentityFindings } from "./sharing.ts";
import { orUnread } from "./unread.ts";

/** Everything that status reads; it writes nothing. */
export interface Ports {
  authority: string;
  /** Microsoft Graph's address in this cloud. */
  graphUrl: string;
  names: { server: RegistrationName; ingestion: RegistrationName };
  identity(): Promise<Identity>;
  provisioning: { registrations: Pick<Registrations, "find" | "findServicePrincipal"> };
  credentials(): { credential: string; name: string; describe: Describe }[];
  openMetadata: Pick<OpenMetadata, "version" | "signInConfiguration" | "bot" | "mechanism">;
  delivery: { usesOwnToken: boolean; keysUrl: string };
  hygiene: HygienePorts;
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
  };
  /** Other deployments whose servers get tokens of the same identity. */
  sharesIdentityWith: readonly string[];
  policy: Policy;
  now: Date;
}

/** What is, and what is due. Each part stands for itself: one that cannot be read says why, and the others still tell. */
export async function statusOf(ports: Ports, question: Question) {
  const { deployment, policy, now } = question;
  const found = findRegistrations(ports, question);
  const [identity, server, ingestion, openMetadata, access, drift, ...credentials] = await Promise.all([
    orUnread(async () => {
      const identity = await ports.identity();
      return { objectId: identity.objectId, graphPermissions: judgePermissions(identity, ports.graphUrl) };
    }),
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
  return {
    deployment: deployment.name,
    on: now,
    authority: ports.authority,
    identity,
    registrations: { server, ingestion },
    openMetadata: { url: deployment.openMetadataUrl, ...openMetadata, access },
    drift: { ...drift, findings: worstFirst([...drift.findings, ...alsoFound]) },
    credentials: credentials.map((one) => ({ ...one, findings: undefined })),
  };
}

async function serverOf(ports: Ports, { botName, botCredential }: Question["deployment"]) {
  const version = await ports.openMetadata.version();
  const { kind, because } = chooseBotCredential(version, botCredential);
  const obstacles = ports.delivery.usesOwnToken ? await obstaclesOf(ports) : [];
  return { version, bot: botName, botCredential: { kind, because }, obstacles };
}

/** A server that lets us in has none, whatever it tells; one that does not may tell in its refusal only. */
async function obstaclesOf({ openMetadata, delivery: { keysUrl }, hygiene }: Ports): Promise<string[]> {
  const server = await openMetadata.signInConfiguration();
  const told = tokenObstacles(server, { keysUrl });
  const refused = await hygiene.server.whoAmI().then(
    () => undefined,
    (error: unknown) => (error instanceof UpstreamError ? error.message : ""),
  );
  return refused === undefined ? [] : [...new Set([...told, ...refusalObstacles(refused, { keysUrl, ...server })])];
}
