import { consents } from "../clients/graph/consents.ts";
import { registrations } from "../clients/graph/registrations.ts";
import { authorityOf } from "../deployment/addresses.ts";
import { type CredentialKind, credentialsOf, secretName } from "../deployment/credentials.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { registrationNames } from "../deployment/registration-names.ts";
import type { Log } from "../log.ts";
import type { Registered } from "../registration/ports.ts";
import { takeBackDelivery } from "../rotation/client-secret/push.ts";
import { clock } from "./clock.ts";
import { connections } from "./connections.ts";
import { credentialOf } from "./credentials.ts";
import { deliveryPorts } from "./delivery.ts";
import { memoized } from "./memoize.ts";
import { openServer } from "./open-metadata.ts";
import { settings } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";
import { timed } from "./timed.ts";

/**
 * One deployment with everything around it that can be read or written. What a call does not ask for is not built: each
 * part is made when it is first read.
 */
export type World = ReturnType<typeof openWorld>;

/**
 * Opens the world of a deployment for one invocation; `write` takes what is told of it. Who only looks asks OpenMetadata
 * each question once.
 */
export function openWorld(deployment: Deployment, write: Log, { onlyLooks = false } = {}) {
  const log = timed((event) => write({ deployment: deployment.name, ...event }));
  const around: Surroundings = {
    settings: settings(),
    deployment,
    connections: connections(),
    server: memoized(() => openServer(deployment, connections(), { asksOnce: onlyLooks })),
    delivery: memoized(() => deliveryPorts(around)),
    log,
  };
  const { own, graph } = around.connections;
  const identity = () => own().identity();
  const credential = (kind: CredentialKind) => credentialOf(kind, around);
  return {
    authority: authorityOf(around.settings),
    graphUrl: around.settings.graphUrl,
    names: registrationNames(deployment),
    identity,
    get openMetadata() {
      return around.server();
    },
    get provisioning() {
      return { ...provisioningPorts(around), identity };
    },
    get consent() {
      return { consents: consents(graph()), identity, signsInAs: () => around.server().signsInAs(), log };
    },
    get delivery() {
      return around.delivery();
    },
    get hygiene() {
      const { ownObjectId, vault } = around.delivery();
      return { deployment, server: around.server(), vault, ownObjectId, log };
    },
    credential,
    /** undefined where the deployment has none of that kind, by its settings. */
    find: (kind: CredentialKind) => (credentialsOf(deployment).includes(kind) ? credential(kind) : undefined),
    /** All credentials of the deployment. */
    credentials: () => credentialsOf(deployment).map(credential),
  };
}

function provisioningPorts({ deployment, connections: { graph, vault, made, told, appIds }, log }: Surroundings) {
  const credential = "ingestion-client-secret";
  const name = secretName(deployment, credential);
  return {
    registrations: made.noting(registrations(graph())),
    madeLately: () => made.isRecent(),
    told: () => told.of(deployment.name),
    tell(registered: Registered) {
      told.tell(deployment.name, registered);
      appIds().tell(registrationNames(deployment).server, registered.serverAppId);
    },
    takeBackDelivery: () => takeBackDelivery(vault()(name), { name, log: (event) => log({ credential, ...event }) }),
    ...clock,
    log,
  };
}
