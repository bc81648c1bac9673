import { UpstreamError } from "../errors.ts";
import type { Consumer, Handed, Pushed } from "../rotation/client-secret/ports.ts";
import { refreshAppService } from "./app-service.ts";
import { type ByRest, pushByRest } from "./push-by-rest.ts";
import { takesSecretByRest } from "./secret-by-rest.ts";
import type { ServerPorts } from "./server-ports.ts";
import { vaultReaders } from "./vault-readers.ts";

/**
 * The consumer of the server registration's client secret. Nothing is written before the secret has signed in. See
 * `secret-by-rest.ts` for which way it takes.
 */
export function server(ports: ServerPorts): Consumer {
  return {
    async push(secret) {
      const subject = `Cannot push the server's client secret to deployment "${ports.deployment.name}"`;
      const { kind } = await ports.signIn(secret.appId, secret.value);
      if (kind !== "signed-in") {
        const because = `Entra does not accept the secret (${kind}); the server keeps its current one`;
        throw new UpstreamError(`${subject}: ${because}`, { service: "Entra", status: 401, code: "secret-refused" });
      }
      const version = await ports.openMetadata.version();
      const rest: ByRest =
        takesSecretByRest(version) === false
          ? { kind: "by-environment", because: `OpenMetadata ${version} reads the secret from its environment` }
          : await pushByRest(ports, secret, { subject, version });
      return rest.kind === "accepted"
        ? inUse(ports, secret, subject)
        : byEnvironment(ports, secret, { subject, because: rest.because });
    },
  };
}

/** The server goes on with it at once; where an App Service sets its environment, that shall say the same. */
async function inUse({ appService }: ServerPorts, secret: Handed, subject: string): Promise<Pushed> {
  const told = "OpenMetadata has signed in with the secret";
  if (!appService) return { kind: "delivered", detail: told };
  const refreshed = await refreshAppService(appService, { ...secret, subject, needsRestart: false });
  if (refreshed.kind === "delivered") return { kind: "delivered", detail: `${told}; ${refreshed.detail}` };
  return { kind: "waiting", code: "app-service-pending", because: refreshed.because };
}

async function byEnvironment(
  ports: ServerPorts,
  secret: Handed,
  { subject, because }: { subject: string; because: string },
): Promise<Pushed> {
  const { appService } = ports;
  if (!appService) return vaultReaders(ports, because).push(secret);
  // A confirmation only looks: a restart for each would take people's sessions for nothing.
  const refreshed = await refreshAppService(appService, { ...secret, subject, needsRestart: !secret.again });
  if (refreshed.kind === "resolved") return vaultReaders(ports, refreshed.because).push(secret);
  return refreshed;
}
