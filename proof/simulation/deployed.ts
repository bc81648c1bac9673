import { ingestion } from "../../shared/delivery/ingestion.ts";
import type { Ports } from "../../shared/rotation/client-secret/ports.ts";
import { clientSecret } from "../../shared/rotation/client-secret/rotate.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { deliveryPorts } from "./delivery-ports.ts";
import type { Server } from "./open-metadata.ts";
import { rotationPorts, type Surroundings } from "./ports.ts";
import type { Run } from "./run.ts";

/** Changes what the app is given, to see whether the simulation notices. */
export type Tamper = (ports: Ports, run: Run) => Ports;

/** A deployment as the app knows it: its name, and where its services are. */
export interface Deployed {
  name: string;
  around: Surroundings;
  server: Server;
  tamper?: Tamper | undefined;
}

/** What one run has in its hands of a deployment. */
export function portsOf({ around, server, tamper }: Deployed, run: Run): Ports {
  const real = rotationPorts(around, run, ingestion(deliveryPorts(around, run, server)));
  return tamper ? tamper(real, run) : real;
}

/** The rotation of its credential; `came` is told what came of it. */
export function rotationOf(deployed: Deployed, run: Run, came: (outcome: Outcome) => void = () => {}): Rotation {
  const rotation = clientSecret("ingestion-client-secret", portsOf(deployed, run));
  return {
    ...rotation,
    async rotate(order) {
      const outcome = await rotation.rotate(order);
      came(outcome);
      return outcome;
    },
  };
}
