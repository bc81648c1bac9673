import { parseRelease, type Release } from "../deployment/release.ts";
import { InputError, StalledError, UpstreamError } from "../errors.ts";
import type { Deployment, Facts, Live } from "./facts.ts";
import type { Ports } from "./ports.ts";
import { unsupported } from "./unsupported.ts";

/** About which deployment; `version` is the release that the caller wants it for, where the server is not to be asked. */
export interface Question {
  deployment: Deployment;
  version: string | undefined;
  tenantId: string;
  keyVaultUrl: string;
}

/**
 * Reads what a configuration depends on.
 * @throws {StalledError} when a registration is missing, the release is unknown or does not know the flow.
 * @throws {InputError} when the version asked for is none.
 */
export async function observe(ports: Ports, { deployment, version, tenantId, keyVaultUrl }: Question): Promise<Facts> {
  const subject = `Cannot render the configuration of deployment "${deployment.name}"`;
  const release = version === undefined ? await askRelease(ports, subject) : readRelease(version);
  const problem = unsupported(release, deployment.signInFlow);
  if (problem) throw new StalledError(`${subject}: ${problem.because}`, problem.hint);

  const { registrations } = ports.provisioning;
  const [server, ingestion, live, own] = await Promise.all([
    registrations.find(ports.names.server),
    registrations.find(ports.names.ingestion),
    askSignIn(ports),
    ports.delivery.usesOwnToken ? ports.identity() : undefined,
  ]);
  if (!server || !ingestion) {
    const missing = server ? "ingestion" : "server";
    throw new StalledError(`${subject}: the ${missing} registration does not exist`, "Call POST /api/provision first");
  }
  const { redirectUris } = deployment.signInFlow === "implicit" ? server.spa : server.web;
  return {
    deployment,
    tenantId,
    authority: ports.authority,
    keyVaultUrl,
    release,
    releaseFrom: version === undefined ? "server" : "caller",
    live,
    server: { appId: server.appId, redirectUris },
    ingestion: { appId: ingestion.appId },
    ownObjectId: own?.objectId,
  };
}

/** Names differ between releases, so a guess would be a configuration that silently has no effect. */
async function askRelease({ openMetadata }: Ports, subject: string): Promise<Release> {
  const hint = "Name the release, for example version=1.12.3, or call again when the server answers";
  const version = await openMetadata.version().catch((error: unknown) => {
    if (error instanceof UpstreamError) throw new StalledError(`${subject}: ${error.message}`, hint);
    throw error;
  });
  const release = parseRelease(version);
  if (!release) throw new StalledError(`${subject}: the server's version "${version}" tells no release`, hint);
  return release;
}

function readRelease(version: string): Release {
  const release = parseRelease(version);
  if (release) return release;
  throw new InputError(`Cannot read the version "${version}"`, "Send a release, for example version=1.12.3");
}

/** A server that is not there yet has nothing to keep. */
async function askSignIn({ openMetadata }: Ports): Promise<Live | undefined> {
  try {
    return await openMetadata.settings();
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}
