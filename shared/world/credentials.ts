import { randomUUID } from "node:crypto";
import { appService } from "../clients/app-service/app-service.ts";
import { signIn } from "../clients/entra/sign-in.ts";
import { credentials } from "../clients/graph/credentials.ts";
import { installationMark } from "../clients/graph/marks.ts";
import { TOKEN } from "../clients/key-vault/key-vault.ts";
import { admittedAs } from "../delivery/admittance.ts";
import { ingestion } from "../delivery/ingestion.ts";
import { redeploy } from "../delivery/redeploy.ts";
import { server } from "../delivery/server.ts";
import type { ServerPorts } from "../delivery/server-ports.ts";
import { authorityOf, vaultName } from "../deployment/addresses.ts";
import { chooseBotCredential } from "../deployment/bot-credential.ts";
import { type CredentialKind, secretName, stagedName } from "../deployment/credentials.ts";
import { registrationNames } from "../deployment/registration-names.ts";
import type { Log } from "../log.ts";
import type { Ports as TokenPorts } from "../rotation/bot-token/ports.ts";
import { botToken } from "../rotation/bot-token/rotate.ts";
import type { Ports as RotationPorts } from "../rotation/client-secret/ports.ts";
import { clientSecret } from "../rotation/client-secret/rotate.ts";
import type { Rotation } from "../rotation/rotatable.ts";
import { type Describe, describeBotToken, describeClientSecret } from "../status/credential.ts";
import type { Past } from "../status/history.ts";
import { clock } from "./clock.ts";
import type { Surroundings } from "./surroundings.ts";

/** One credential of a deployment: how it is rotated, and what status says of it. */
export type Credential = Rotation & {
  describe: Describe;
  /** All versions that the vault has of it, and of its successor-to-be. */
  versions(): Promise<Pick<Past, "current" | "staged">>;
};

/** Joins a credential to the services that it concerns. */
export function credentialOf(kind: CredentialKind, world: Surroundings): Credential {
  return { ...rotationOf(kind, world), versions: () => versionsOf(kind, world) };
}

async function versionsOf(kind: CredentialKind, { connections, deployment }: Surroundings) {
  const vault = connections.vault();
  const name = secretName(deployment, kind);
  const [current, staged] = await Promise.all([vault(name).history(), vault(stagedName(name)).history()]);
  return { current, staged };
}

type Described = Omit<Credential, "versions">;

function rotationOf(kind: CredentialKind, world: Surroundings): Described {
  const log: Log = (event) => world.log({ credential: kind, ...event });
  const around = { ...world, log, delivery: () => ({ ...world.delivery(), log }) };
  switch (kind) {
    case "ingestion-client-secret": {
      const delivery = around.delivery();
      const signs = { registration: "ingestion", signIn: delivery.signIn, consumer: ingestion(delivery) } as const;
      return ofClientSecret(kind, clientSecretPorts(kind, around, signs));
    }
    case "server-client-secret": {
      const ports = serverPorts(around);
      const signs = { registration: "server", signIn: ports.signIn, consumer: server(ports) } as const;
      const { appServiceId, appServiceRestart } = around.deployment;
      const byEvent = appServiceId === undefined || !appServiceRestart;
      return ofClientSecret(kind, clientSecretPorts(kind, around, signs), { byEvent });
    }
    case "bot-token": {
      const ports = tokenPorts(around);
      return { ...botToken(ports), describe: (moment) => describeBotToken(ports, moment) };
    }
    default:
      return kind satisfies never;
  }
}

function ofClientSecret(kind: CredentialKind, ports: RotationPorts, how: { byEvent?: boolean } = {}): Described {
  return { ...clientSecret(kind, ports, how), describe: (moment) => describeClientSecret(kind, ports, moment) };
}

function clientSecretPorts(
  kind: CredentialKind,
  { connections, deployment, settings, ...around }: Surroundings,
  {
    registration: which,
    ...signs
  }: { registration: "server" | "ingestion" } & Pick<RotationPorts, "signIn" | "consumer">,
): RotationPorts {
  const name = secretName(deployment, kind);
  const vault = connections.vault();
  const registration = registrationNames(deployment)[which];
  const mark = installationMark(settings.keyVaultUrl, name);
  return {
    name,
    registration,
    ownAppId: async () => (await connections.own().identity()).appId,
    clientId: {
      find: () => connections.appIds().find(registration),
      tell: (appId) => connections.appIds().tell(registration, appId),
      forget: () => connections.appIds().forget(registration),
    },
    credentials: credentials(connections.graph(), { name: registration, mark }),
    current: vault(name),
    staged: vault(stagedName(name)),
    madeLately: () => connections.made.isRecent(),
    ...signs,
    ...machine(around),
  };
}

function serverPorts(around: Surroundings): ServerPorts {
  const { settings } = around;
  const delivery = around.delivery();
  // As OpenMetadata's own validator does: for Graph, by its default scope.
  const scope = `${settings.graphUrl}/.default`;
  const signInAt = signIn(authorityOf(settings));
  return {
    ...delivery,
    security: around.server().security,
    admitted: (subject) => admittedAs(delivery, subject, { entraTokens: false }),
    signIn: (clientId, clientSecret) => signInAt({ clientId, clientSecret, scope }),
    appService: appServicePorts(around),
    ...clock,
  };
}

/** The App Service that the deployment names, if it does. */
function appServicePorts({ settings, deployment, connections }: Surroundings): ServerPorts["appService"] {
  const { appServiceId, appServiceRestart: mayRestart } = deployment;
  if (appServiceId === undefined) return undefined;
  const name = appServiceId.split("/").at(-1) ?? "";
  const vault = vaultName(settings.keyVaultUrl);
  const secret = secretName(deployment, "server-client-secret");
  const site = appService(connections.credential(), settings.armUrl, appServiceId);
  return { name, vault, secret, mayRestart, ...site, ...clock };
}

function tokenPorts({ deployment, connections, server: serverOf, ...around }: Surroundings): TokenPorts {
  const delivery = around.delivery();
  const server = serverOf();
  const vault = connections.vault();
  const name = secretName(deployment, "bot-token");
  return {
    name,
    botName: deployment.botName,
    ownTokenSecret: deployment.openMetadataTokenSecret,
    choose: async () => chooseBotCredential(await server.version(), deployment.botCredential),
    bot: () => server.bot(deployment.botName),
    tokens: server.tokens,
    runningPipelines: () => server.running(delivery.now()),
    admitted: (subject) => admittedAs(delivery, subject, { entraTokens: false }),
    redeploy: (subject, how) => redeploy(delivery, subject, how),
    whoAmI: (token) => server.whoAmI(token),
    current: vault(name, TOKEN),
    staged: vault(stagedName(name), TOKEN),
    ...machine(around),
  };
}

function machine({ log }: Pick<Surroundings, "log">) {
  // Its time stands before it: so much chance keeps two of one moment apart, and the name of a credential short.
  return { ...clock, nonce: () => randomUUID().slice(0, 18), log };
}
