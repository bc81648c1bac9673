import type { Ports as DeliveryPorts } from "../delivery/ports.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Settings } from "../deployment/settings.ts";
import type { Log } from "../log.ts";
import type { Connections } from "./connections.ts";
import type { OpenMetadataServer } from "./open-metadata.ts";

/** What the ports of every concern of a deployment are built from. */
export interface Surroundings {
  settings: Settings;
  deployment: Deployment;
  connections: Connections;
  server(): OpenMetadataServer;
  delivery(): DeliveryPorts;
  log: Log;
}
