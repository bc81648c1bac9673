import type { SecretClient, SecretProperties } from "@azure/keyvault-secrets";
import { StalledError, UpstreamError } from "../../errors.ts";
import { LIST_TIME_OUT, MOST_PAGES, REQUEST_TIME_OUT } from "../../limits.ts";
import { vaultError } from "./refusals.ts";

/** Calls about one secret: what fails says what was attempted, on which secret of which vault. */
export interface Calls {
  client: SecretClient;
  name: string;
  vault: string;
  attempt<T>(action: string, call: (abortSignal: AbortSignal) => Promise<T>): Promise<T>;
  fault(action: string, error: unknown): Promise<UpstreamError | StalledError>;
}

/** `vault` is the name that error messages call it by, `objectId` tells whom its commands give a right. */
export function callsTo(
  client: SecretClient,
  { objectId, ...where }: { name: string; vault: string; objectId: () => Promise<string> },
): Calls {
  const fault = (action: string, error: unknown) => vaultError(error, { ...where, action, objectId });
  return {
    client,
    ...where,
    fault,
    async attempt(action, call) {
      try {
        return await call(AbortSignal.timeout(REQUEST_TIME_OUT));
      } catch (error) {
        throw await fault(`${action} secret "${where.name}"`, error);
      }
    },
  };
}

/** The latest version, whatever it holds; undefined where there is none. */
export async function latestProperties(calls: Calls): Promise<SecretProperties | undefined> {
  const { client, name, attempt, fault } = calls;
  try {
    return (await client.getSecret(name, { abortSignal: AbortSignal.timeout(REQUEST_TIME_OUT) })).properties;
  } catch (error) {
    const failure = await fault(`read secret "${name}"`, error);
    if (failure instanceof StalledError) throw failure;
    if (isMissing(failure)) return undefined;
    // A disabled version hides even its tags from GET; the list of versions shows them. Times there are whole
    // seconds: an enabled version of the same second is not the latest, or GET would have shown it.
    if (failure.serviceCode === "SecretDisabled")
      return attempt("read", () => newest(calls, ({ enabled }) => enabled === false));
    throw failure;
  }
}

/** Does the vault say that there is no such thing? A page of something in between, which has no code, does not count. */
export function isMissing(failure: unknown): boolean {
  return failure instanceof UpstreamError && failure.status === 404 && failure.serviceCode !== undefined;
}

/** The newest of the versions that count; the vault promises no order. */
export async function newest(
  calls: Calls,
  counts: (version: SecretProperties) => boolean,
): Promise<SecretProperties | undefined> {
  let found: SecretProperties | undefined;
  for await (const version of versions(calls)) {
    if (counts(version) && (version.createdOn ?? 0) >= (found?.createdOn ?? 0)) found = version;
  }
  return found;
}

/** All versions, in whatever order the vault lists them; in bounded time and pages. */
export async function* versions({ client, name, vault }: Calls): AsyncGenerator<SecretProperties> {
  let pages = 0;
  const options = { abortSignal: AbortSignal.timeout(LIST_TIME_OUT) };
  for await (const page of client.listPropertiesOfSecretVersions(name, options).byPage()) {
    pages += 1;
    if (pages > MOST_PAGES) throw endless(name, vault);
    yield* page;
  }
}

function endless(name: string, vault: string): UpstreamError {
  const message = `Cannot list the versions of secret "${name}" in vault "${vault}": the vault keeps returning more pages`;
  return new UpstreamError(message, { service: "Key Vault", status: 200 });
}
