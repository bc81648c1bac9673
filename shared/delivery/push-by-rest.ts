import { StalledError, UpstreamError } from "../errors.ts";
import { SECOND } from "../limits.ts";
import { retry } from "../retry.ts";
import type { Handed } from "../rotation/client-secret/ports.ts";
import { mayFollowEnvironment, takesSecretByRest } from "./secret-by-rest.ts";
import type { SecurityConfiguration, ServerPorts } from "./server-ports.ts";
import { signInObstacles } from "./sign-in-obstacles.ts";

/** What came of the way by REST: the server has it, or its environment decides. */
export type ByRest = { kind: "accepted" } | { kind: "by-environment"; because: string };

/** A database that is locked for a moment is answered like settings that are not to be changed. */
const MOMENT = 2 * SECOND;

/**
 * Gives the server its new client secret. It signs in with it before it takes it, so that what it accepts is proven;
 * where it shows what it holds, that is read back.
 * @throws {StalledError} where its other settings stand in the way, or it does not let us in.
 */
export async function pushByRest(
  ports: ServerPorts,
  { appId, value }: Handed,
  { subject, version }: { subject: string; version: string },
): Promise<ByRest> {
  const { security, authority, keysUrl } = ports;
  const before = await read(ports, subject, version);
  if (!before)
    return {
      kind: "by-environment",
      because: `OpenMetadata "${version}" cannot change its sign-in configuration by REST`,
    };
  const obstacles = signInObstacles(before, { appId, authority, keysUrl });
  if (obstacles.length > 0) throw misconfigured(subject, obstacles);
  const answer = await replaced(ports, value, { namesProvider: before.providerName.trim() === "" });
  switch (answer.kind) {
    case "accepted":
      if (before.oidc?.showsSecret && !(await security.holds(value))) throw unchanged(subject);
      return answer;
    case "owned-by-environment":
      if (!mayFollowEnvironment(version)) throw conflicting(subject, answer.message);
      return { kind: "by-environment", because: "OpenMetadata reads its sign-in configuration from its environment" };
    case "refused": {
      const errors = answer.errors.map(({ field, error }) => `${field}: ${error}`);
      // Entra may not know a new secret everywhere yet, though it has signed in.
      const passes = answer.errors.every(({ field }) => field.endsWith("secret"));
      if (!passes) throw misconfigured(subject, errors);
      const message = `${subject}: OpenMetadata cannot sign in with the secret yet (${errors.join("; ")})`;
      throw new UpstreamError(message, { service: "OpenMetadata", status: 400, code: "secret-refused" });
    }
    default:
      return answer satisfies never;
  }
}

/** undefined where the release has no such call, which only a version that tells no release leaves open. */
async function read(
  { security, admitted }: ServerPorts,
  subject: string,
  version: string,
): Promise<SecurityConfiguration | undefined> {
  try {
    return await security.read();
  } catch (error) {
    // To a caller that it does not know the server answers "not found", whatever it is asked.
    if (error instanceof UpstreamError && [401, 403, 404].includes(error.status)) await admitted(subject);
    const hasNone = error instanceof UpstreamError && error.status === 404;
    if (hasNone && takesSecretByRest(version) === undefined) return undefined;
    throw error;
  }
}

function replaced(ports: ServerPorts, value: string, how: { namesProvider: boolean }) {
  return retry(ports, () => ports.security.replaceSecret(value, how), {
    pauses: [MOMENT],
    until: ({ kind }) => kind !== "owned-by-environment",
  });
}

function unchanged(subject: string): UpstreamError {
  const message = `${subject}: OpenMetadata reported success but still has a different secret`;
  return new UpstreamError(message, { service: "OpenMetadata", status: 200, code: "openmetadata-kept-old" });
}

function conflicting(subject: string, said: string): UpstreamError {
  const message = `${subject}: OpenMetadata answered 409${said ? ` "${said}"` : ""}`;
  return new UpstreamError(message, { service: "OpenMetadata", status: 409, code: "openmetadata-unavailable" });
}

function misconfigured(subject: string, obstacles: readonly string[]): StalledError {
  return new StalledError("sign-in-configuration-wrong", `${subject}: the server's sign-in configuration is wrong`, {
    hint: `Correct on the OpenMetadata server: ${obstacles.join("; ")}. GET /api/configuration renders the right settings; the next run then pushes the secret`,
  });
}
