import { chooseBotCredential, tokenObstacles } from "../delivery/plan.ts";
import type { OpenMetadata } from "../delivery/ports.ts";
import type { RegistrationName, Registrations } from "../registration/provision.ts";
import type { Policy } from "../rotation/state.ts";
import type { Describe } from "./credential.ts";
import { judgePermissions } from "./permissions.ts";

/** Everything that status reads; it writes nothing. */
export interface Ports {
  authority: string;
  names: { server: RegistrationName; ingestion: RegistrationName };
  identity(): Promise<{ objectId: string; graphPermissions: string[] }>;
  provisioning: { registrations: Pick<Registrations, "find" | "findServicePrincipal"> };
  credentials(): { credential: string; name: string; describe: Describe }[];
  openMetadata: Pick<OpenMetadata, "version" | "signInConfiguration">;
  delivery: { usesOwnToken: boolean; keysUrl: string };
}

/** About which deployment, by which policy, at which moment. */
export interface Question {
  deployment: { name: string; openMetadataUrl: string; botName: string; botCredential: "auto" | "sso" | "jwt" };
  policy: Policy;
  now: Date;
}

/** What is, and what is due. Each part stands for itself: one that cannot be read says why, and the others still tell. */
export async function statusOf(ports: Ports, { deployment, policy, now }: Question) {
  const [identity, server, ingestion, openMetadata, ...credentials] = await Promise.all([
    part(async () => {
      const { objectId, graphPermissions } = await ports.identity();
      return { objectId, graphPermissions: judgePermissions(graphPermissions) };
    }),
    part(() => registration(ports, ports.names.server)),
    part(() => registration(ports, ports.names.ingestion)),
    part(() => serverOf(ports, deployment)),
    ...ports.credentials().map(async ({ credential, name, describe }) => ({
      credential,
      secret: name,
      ...(await part(() => describe({ policy, now }))),
    })),
  ]);
  return {
    deployment: deployment.name,
    authority: ports.authority,
    identity,
    registrations: { server, ingestion },
    openMetadata: { url: deployment.openMetadataUrl, ...openMetadata },
    credentials,
  };
}

async function registration({ provisioning: { registrations } }: Ports, name: RegistrationName) {
  const found = await registrations.find(name);
  if (!found) return { found: false, hint: "Call POST /api/provision" };
  return {
    found: true,
    clientId: found.appId,
    applicationObjectId: found.id,
    servicePrincipalObjectId: await registrations.findServicePrincipal(found.appId),
    appIdUris: found.identifierUris,
    redirectUris: { spa: found.spa.redirectUris, web: found.web.redirectUris },
  };
}

async function serverOf({ openMetadata, delivery }: Ports, { botName, botCredential }: Question["deployment"]) {
  const version = await openMetadata.version();
  const { kind, because } = chooseBotCredential(version, botCredential);
  const server = await openMetadata.signInConfiguration();
  const obstacles = delivery.usesOwnToken ? tokenObstacles(server, { keysUrl: delivery.keysUrl }) : [];
  return { version, bot: botName, botCredential: { kind, because }, obstacles };
}

async function part<T>(read: () => Promise<T>): Promise<T | { error: string; hint?: string }> {
  try {
    return await read();
  } catch (error) {
    const hint = error instanceof Error && "hint" in error ? { hint: String(error.hint) } : {};
    return { error: error instanceof Error ? error.message : String(error), ...hint };
  }
}
