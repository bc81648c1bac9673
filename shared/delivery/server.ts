import { StalledError, UpstreamError } from "../errors.ts";
import { type AppServicePorts, refreshAppService } from "./app-service.ts";
import type { Ports, Pushed, Secret } from "./ports.ts";
import { type ServerSignIn, signInObstacles, takesSecretByRest } from "./server-plan.ts";
import { vaultReaders } from "./vault-readers.ts";

/** What the server's own client secret is pushed with. */
export interface ServerPorts extends Pick<Ports, "deployment" | "authority" | "keysUrl" | "now" | "readWithinHours"> {
  openMetadata: Pick<Ports["openMetadata"], "version">;
  security: {
    read(): Promise<ServerSignIn>;
    replaceSecret(
      secret: string,
    ): Promise<
      | { kind: "accepted" }
      | { kind: "refused"; errors: { field: string; error: string }[] }
      | { kind: "owned-by-environment"; message: string }
    >;
  };
  /** Explains what keeps us out of the server, where something does. */
  admitted(subject: string): Promise<unknown>;
  signIn(appId: string, value: string): Promise<{ kind: "signed-in" | "unknown-secret" | "expired-secret" }>;
  appService?: AppServicePorts | undefined;
}

/** What came of the way by REST: the server has it, or its environment decides. */
type ByRest = { kind: "accepted" } | { kind: "by-environment"; because: string };

/**
 * The consumer of the server registration's client secret. Nothing is written before the secret has signed in. See
 * `server-plan.ts` for which way it takes.
 */
export function server(ports: ServerPorts): { push(secret: Secret): Promise<Pushed> } {
  return {
    async push(secret) {
      const subject = `Cannot push the server's client secret to deployment "${ports.deployment.name}"`;
      const { kind } = await ports.signIn(secret.appId, secret.value);
      if (kind !== "signed-in") {
        const because = `Entra refuses the secret (${kind}), so the server keeps what it has`;
        throw new UpstreamError(`${subject}: ${because}`, { service: "Entra", status: 401, transient: true });
      }
      const version = await ports.openMetadata.version();
      const rest: ByRest = takesSecretByRest(version)
        ? await pushByRest(ports, secret, subject)
        : { kind: "by-environment", because: `OpenMetadata ${version} reads it from its environment` };
      return rest.kind === "accepted" ? inUse(ports, secret, subject) : byEnvironment(ports, secret, rest.because);
    },
  };
}

/** The server signs in with the secret before it takes it: what it accepts is proven. */
async function pushByRest(ports: ServerPorts, { appId, value }: Secret, subject: string): Promise<ByRest> {
  const { security, authority, keysUrl } = ports;
  const before = await security.read().catch(async (error: unknown) => {
    if (error instanceof UpstreamError && [401, 403].includes(error.status)) await ports.admitted(subject);
    throw error;
  });
  const obstacles = signInObstacles(before, { appId, authority, keysUrl });
  if (obstacles.length > 0) throw misconfigured(subject, obstacles);
  const answer = await security.replaceSecret(value);
  switch (answer.kind) {
    case "accepted":
      return answer;
    case "owned-by-environment":
      return { kind: "by-environment", because: "the server's environment decides how people sign in" };
    case "refused": {
      const errors = answer.errors.map(({ field, error }) => `${field}: ${error}`);
      // Entra may not know a new secret everywhere yet, though it has signed in.
      const passes = answer.errors.every(({ field }) => field.endsWith("secret"));
      if (!passes) throw misconfigured(subject, errors);
      const message = `${subject}: OpenMetadata's own sign-in with it failed (${errors.join("; ")})`;
      throw new UpstreamError(message, { service: "OpenMetadata", status: 400, transient: true });
    }
    default:
      return answer satisfies never;
  }
}

/** The server goes on with it at once; where an App Service sets its environment, that shall say the same. */
async function inUse({ appService }: ServerPorts, secret: Secret, subject: string): Promise<Pushed> {
  const told = "the server has signed in with it";
  if (!appService) return { kind: "delivered", detail: told };
  const refreshed = await refreshAppService(appService, { ...secret, subject, needsRestart: false });
  return refreshed.kind === "delivered"
    ? { kind: "delivered", detail: `${told}; ${refreshed.detail}` }
    : waits(refreshed);
}

async function byEnvironment(ports: ServerPorts, secret: Secret, because: string): Promise<Pushed> {
  const { appService } = ports;
  if (!appService) return vaultReaders(ports, because).push(secret);
  const subject = `Cannot push the server's client secret to deployment "${ports.deployment.name}"`;
  // A confirmation only looks: a restart for each would take people's sessions for nothing.
  const refreshed = await refreshAppService(appService, { ...secret, subject, needsRestart: !secret.again });
  if (refreshed.kind === "resolved") return vaultReaders(ports, refreshed.because).push(secret);
  return refreshed;
}

function waits({ because }: { because: string }): Pushed {
  return { kind: "waiting", because };
}

function misconfigured(subject: string, obstacles: readonly string[]): StalledError {
  return new StalledError(
    `${subject}: the server's sign-in configuration does not fit`,
    `${obstacles.join("; ")}. GET /api/configuration renders what belongs there. The secret is current in the vault, and the next run pushes it`,
  );
}
