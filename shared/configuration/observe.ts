import { refusePlanted } from "../deployment/maker.ts";
import { parseRelease, type Release } from "../deployment/release.ts";
import { InputError, quoted, StalledError, UpstreamError } from "../errors.ts";
import type { Deployment, Facts, Live } from "./facts.ts";
import type { Ports } from "./ports.ts";
import { unsupported } from "./unsupported.ts";

/** About which deployment; `version` is the release that the caller wants it for, where the server is not to be asked. */
export interface Question {
  deployment: Deployment;
  version: string | undefined;
  tenantId: string;
  keyVaultUrl: string;
  readWithinHours: number;
}

/**
 * Reads what a configuration depends on.
 * @throws {StalledError} when a registration is missing, the release is unknown or does not know the flow.
 * @throws {InputError} when the version asked for is none.
 */
export async function observe(ports: Ports, question: Question): Promise<Facts> {
  const { deployment, version, tenantId, keyVaultUrl, readWithinHours } = question;
  const subject = `Cannot render the configuration of "${deployment.name}"`;
  const release = version === undefined ? await askRelease(ports, subject) : readRelease(version);
  const problem = unsupported(release, deployment.signInFlow);
  if (problem)
    throw new StalledError("openmetadata-release-unsupported", `${subject}: ${problem.because}`, {
      hint: problem.hint,
    });

  const { registrations } = ports.provisioning;
  const [server, ingestion, live, own] = await Promise.all([
    registrations.find(ports.names.server),
    registrations.find(ports.names.ingestion),
    askSignIn(ports),
    ports.delivery.usesOwnToken ? ports.openMetadata.signsInAs() : undefined,
  ]);
  if (!server || !ingestion) {
    const missing = server ? "ingestion" : "server";
    throw new StalledError("registration-missing", `${subject}: the ${missing} registration does not exist`, {
      hint: "Call POST /api/provision, then POST /api/consent",
    });
  }
  const { appId: ownAppId } = await ports.identity();
  for (const [which, found] of [
    ["server", server],
    ["ingestion", ingestion],
  ] as const) {
    const { appId: clientId, createdByAppId } = found;
    const what = `the ${which} registration of deployment "${deployment.name}"`;
    refusePlanted(ports.names[which], { what, clientId, createdByAppId }, ownAppId);
  }
  const { redirectUris } = deployment.signInFlow === "implicit" ? server.spa : server.web;
  return {
    deployment,
    tenantId,
    authority: ports.authority,
    keyVaultUrl,
    readWithinHours,
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
  const hint = "Send the version, for example version=1.12.3, or call again when the server answers";
  const version = await openMetadata.version().catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    throw new StalledError("openmetadata-version-unknown", `${subject}: ${error.message}`, { hint, cause: error });
  });
  const release = parseRelease(version);
  if (release) return release;
  const because = `cannot parse OpenMetadata version "${version}"`;
  throw new StalledError("openmetadata-version-unknown", `${subject}: ${because}`, { hint });
}

function readRelease(version: string): Release {
  const release = parseRelease(version);
  if (release) return release;
  throw new InputError("query-invalid", `Cannot parse OpenMetadata version ${quoted(version)}`, {
    hint: "Send a version such as version=1.12.3",
  });
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
