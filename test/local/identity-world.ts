import { movableClock } from "../../local/clock.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { createDirectory } from "../../local/cloud/directory/create-directory.ts";
import { createEntra } from "../../local/cloud/entra/create-entra.ts";
import { createGraph } from "../../local/cloud/graph/create-graph.ts";
import { type Served, serve } from "../../local/cloud/serve.ts";

export const START = new Date("2026-03-01T09:00:00Z");
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const certificate = await createCertificate();
trustCertificate(certificate);

/** A tenant with Entra and Graph served over real sockets. Call `close` when done. */
export async function startIdentity() {
  const clock = movableClock(START);
  const directory = createDirectory({ clock });
  const entra = createEntra({ directory, clock });
  const graph = createGraph({ directory, clock });
  const wire = { faults: [], onExchange: [] };
  const served: Served[] = await Promise.all([
    serve(entra.app, { service: "entra", host: "login.localhost", certificate, wire }),
    serve(graph.app, { service: "graph", host: "graph.localhost", certificate, wire }),
    serve(entra.managedIdentity, { service: "entra", host: "127.0.0.1", wire }),
  ]);
  const [authority = "", graphUrl = "", identityUrl = ""] = served.map(({ url }) => url);
  entra.origin = authority;
  return {
    clock,
    directory,
    entra,
    graph,
    authority,
    graphUrl,
    identityUrl,
    close: async () => void (await Promise.all(served.map((one) => one.close()))),
  };
}

export type IdentityWorld = Awaited<ReturnType<typeof startIdentity>>;
