import { randomUUID } from "node:crypto";
import { appService } from "../clients/app-service/app-service.ts";
import { credentials } from "../clients/graph/credentials.ts";
import { TOKEN } from "../clients/key-vault/key-vault.ts";
import { admittedAs } from "../delivery/admittance.ts";
import { ingestion } from "../delivery/ingestion.ts";
import { chooseBotCredential } from "../delivery/plan.ts";
import type { Ports as DeliveryPorts } from "../delivery/ports.ts";
import { redeploy } from "../delivery/redeploy.ts";
import { server } from "../delivery/server.ts";
import type { ServerPorts } from "../delivery/server-ports.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { registrationNames, secretName } from "../deployment/names.ts";
import type { Ports as TokenPorts } from "../rotation/bot-token/ports.ts";
import { botToken } from "../rotation/bot-token/rotate.ts";
import type { Ports as RotationPorts } from "../rotation/client-secret/ports.ts";
import { clientSecret } from "../rotation/client-secret/rotate.ts";
import type { CredentialKind } from "../rotation/credential-kind.ts";
import type { Rotation } from "../rotation/rotatable.ts";
import { type Describe, describeBotToken, describeClientSecret } from "../status/credential.ts";
import { clock } from "./clock.ts";
import type { Connections } from "./connections.ts";
import type { openServer } from "./open-metadata.ts";

/** One credential of a deployment: how it is rotated, and what status says of it. */
export type Credential = Rotation & { describe: Describe };

interface Surroundings extends Connections {
  delivery: DeliveryPorts & { deployment: Deployment };
  server: ReturnType<typeof openServer>;
  /** Signs in at Entra as OpenMetadata's own validator does: for Graph, by its default scope. */
  signInToGraph: RotationPorts["signIn"];
  armUrl: string;
  /** The vault's name, as App Service refers to it. */
  vaultName: string;
}

/** Joins a credential to the services that it concerns. */
export function credentialOf(kind: CredentialKind, around: Surroundings): Credential {
  switch (kind) {
    case "ingestion-client-secret": {
      const { delivery } = around;
      const signs = { registration: "ingestion", signIn: delivery.signIn, consumer: ingestion(delivery) } as const;
      return ofClientSecret(kind, clientSecretPorts(kind, around, signs));
    }
    case "server-client-secret": {
      const { signInToGraph: signIn } = around;
      const signs = { registration: "server", signIn, consumer: server(serverPorts(around)) } as const;
      const { appServiceId, appServiceRestart } = around.delivery.deployment;
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

function ofClientSecret(kind: CredentialKind, ports: RotationPorts, how: { byEvent?: boolean } = {}): Credential {
  return { ...clientSecret(kind, ports, how), describe: (moment) => describeClientSecret(kind, ports, moment) };
}

function clientSecretPorts(
  kind: CredentialKind,
  { graph, vault, delivery }: Surroundings,
  { registration, ...signs }: { registration: "server" | "ingestion" } & Pick<RotationPorts, "signIn" | "consumer">,
): RotationPorts {
  const name = secretName(delivery.deployment, kind);
  return {
    name,
    credentials: credentials(graph, registrationNames(delivery.deployment)[registration]),
    current: vault(name),
    staged: vault(`${name}-next`),
    ...signs,
    ...surroundings(delivery),
  };
}

function serverPorts(around: Surroundings): ServerPorts {
  const { delivery, server, signInToGraph } = around;
  return {
    ...delivery,
    security: server.security,
    admitted: (subject) => admittedAs(delivery, subject, { entraTokens: false }),
    signIn: signInToGraph,
    appService: appServicePorts(around),
    ...clock,
  };
}

/** The App Service that the deployment names, if it does. */
function appServicePorts({ credential, armUrl, vaultName, delivery }: Surroundings): ServerPorts["appService"] {
  const { appServiceId, appServiceRestart: mayRestart } = delivery.deployment;
  if (appServiceId === undefined) return undefined;
  const name = appServiceId.split("/").at(-1) ?? "";
  const secret = secretName(delivery.deployment, "server-client-secret");
  const site = appService(credential, armUrl, appServiceId);
  return { name, vault: vaultName, secret, mayRestart, ...site, ...clock };
}

function tokenPorts({ vault, delivery, server }: Surroundings): TokenPorts {
  const { deployment } = delivery;
  const name = secretName(deployment, "bot-token");
  return {
    name,
    botName: deployment.botName,
    choose: async () => chooseBotCredential(await server.version(), deployment.botCredential),
    bot: () => server.bot(deployment.botName),
    tokens: server.tokens,
    runningPipelines: () => server.tokens.running(delivery.now()),
    admitted: (subject) => admittedAs(delivery, subject, { entraTokens: false }),
    redeploy: (subject, endsOn) => redeploy(delivery, subject, endsOn),
    whoAmI: (token) => server.whoAmI(token),
    current: vault(name, TOKEN),
    staged: vault(`${name}-next`, TOKEN),
    ...surroundings(delivery),
  };
}

function surroundings({ log }: DeliveryPorts) {
  return { ...clock, nonce: randomUUID, log };
}
