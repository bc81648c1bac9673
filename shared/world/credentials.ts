import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Ports as TokenPorts } from "../bot-token/ports.ts";
import { botToken } from "../bot-token/rotate.ts";
import { credentials } from "../clients/graph-credentials.ts";
import { TOKEN } from "../clients/key-vault.ts";
import { admittedAs } from "../delivery/admittance.ts";
import { ingestion } from "../delivery/ingestion.ts";
import { chooseBotCredential } from "../delivery/plan.ts";
import type { Ports as DeliveryPorts } from "../delivery/ports.ts";
import { redeploy } from "../delivery/redeploy.ts";
import { clientSecret } from "../rotation/rotate.ts";
import type { CredentialKind, Rotation } from "../rotation/rotation.ts";
import { type Describe, describeBotToken, describeClientSecret } from "../status/credential.ts";
import type { Connections } from "./connections.ts";
import { registrationNames, secretName } from "./names.ts";
import type { openServer } from "./open-metadata.ts";

/** One credential of a deployment: how it is rotated, and what status says of it. */
export type Credential = Rotation & { describe: Describe };

interface Surroundings extends Connections {
  delivery: DeliveryPorts & { deployment: Parameters<typeof registrationNames>[0] };
  server: ReturnType<typeof openServer>;
}

/** Joins a credential to the services that it concerns. */
export function credentialOf(kind: CredentialKind, around: Surroundings): Credential {
  switch (kind) {
    case "ingestion-client-secret": {
      const ports = { ...clientSecretPorts(kind, around), consumer: ingestion(around.delivery) };
      return { ...clientSecret(kind, ports), describe: (moment) => describeClientSecret(kind, ports, moment) };
    }
    case "server-client-secret":
      throw new Error("not yet");
    case "bot-token": {
      const ports = tokenPorts(around);
      return { ...botToken(ports), describe: (moment) => describeBotToken(ports, moment) };
    }
    default:
      return kind satisfies never;
  }
}

function clientSecretPorts(kind: CredentialKind, { graph, vault, delivery }: Surroundings) {
  const name = secretName(delivery.deployment, kind);
  return {
    name,
    credentials: credentials(graph, registrationNames(delivery.deployment).ingestion),
    current: vault(name),
    staged: vault(`${name}-next`),
    signIn: delivery.signIn,
    ...surroundings(delivery),
  };
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

function surroundings({ now, log }: DeliveryPorts) {
  return { now, wait, nonce: randomUUID, log };
}
