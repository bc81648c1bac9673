import type { OpenMetadata } from "../delivery/ports.ts";
import { refusalObstacles, tokenObstacles } from "../delivery/token-obstacles.ts";
import { chooseBotCredential } from "../deployment/bot-credential.ts";
import type { RegistrationName } from "../deployment/registration-names.ts";
import { UpstreamError } from "../errors.ts";
import { askAccess } from "../hygiene/access.ts";
import type { Ports as HygienePorts } from "../hygiene/ports.ts";
import type { Identity, Registrations } from "../registration/ports.ts";
import type { Condition } from "./condition.ts";
import { isSetUp, wholeConditions } from "./deployment-conditions.ts";
import { judgePermissions } from "./permissions.ts";
import { orUnread } from "./unread.ts";

/** What is read of a deployment as a whole. */
export interface WholePorts {
  /** Microsoft Graph's address in this cloud. */
  graphUrl: string;
  names: { server: RegistrationName; ingestion: RegistrationName };
  identity(): Promise<Identity>;
  provisioning: { registrations: Pick<Registrations, "find"> };
  openMetadata: Pick<OpenMetadata, "version" | "signInConfiguration">;
  delivery: { usesOwnToken: boolean; keysUrl: string };
  hygiene: HygienePorts;
}

/** Which bot a deployment has, by its settings. */
interface Bot {
  botName: string;
  botCredential: "auto" | "sso" | "jwt";
}

/**
 * What holds of a deployment as a whole, its credentials and findings aside; undefined where it is not set up yet. Four
 * requests where all is well.
 */
export async function wholeOf(ports: WholePorts, bot: Bot): Promise<Condition[] | undefined> {
  const registered = (name: RegistrationName) =>
    orUnread(async () => ({ found: (await ports.provisioning.registrations.find(name)) !== undefined }));
  const [identity, server, ingestion, openMetadata, access] = await Promise.all([
    orUnread(() => identityOf(ports)),
    registered(ports.names.server),
    registered(ports.names.ingestion),
    orUnread(() => serverOf(ports, bot)),
    orUnread(() => askAccess(ports.hygiene)),
  ]);
  const registrations = { server, ingestion };
  if (!isSetUp(registrations)) return undefined;
  return wholeConditions({ identity, registrations, openMetadata: { ...openMetadata, access } });
}

/** The app's identity, and what it may do in Graph. */
export async function identityOf(ports: Pick<WholePorts, "identity" | "graphUrl">) {
  const identity = await ports.identity();
  return { objectId: identity.objectId, graphPermissions: judgePermissions(identity, ports.graphUrl) };
}

/** The server's release, how its bot signs in, and what of its settings keeps the app out. */
export async function serverOf(ports: WholePorts, { botName, botCredential }: Bot) {
  const version = await ports.openMetadata.version();
  const { kind, because } = chooseBotCredential(version, botCredential);
  const obstacles = ports.delivery.usesOwnToken ? await obstaclesOf(ports) : [];
  return { version, bot: botName, botCredential: { kind, because }, obstacles };
}

/** A server that lets us in has none, whatever it tells; one that does not may tell in its refusal only. */
async function obstaclesOf({ openMetadata, delivery: { keysUrl }, hygiene }: WholePorts): Promise<string[]> {
  const refused = await hygiene.server.whoAmI().then(
    () => undefined,
    (error: unknown) => (error instanceof UpstreamError ? error.message : ""),
  );
  if (refused === undefined) return [];
  const server = await openMetadata.signInConfiguration();
  return [...new Set([...tokenObstacles(server, { keysUrl }), ...refusalObstacles(refused, { keysUrl, ...server })])];
}
