import { StalledError, UpstreamError } from "../../errors.ts";

/** The parts of the SDK's `RestError` that tell why; the inner code is camel-cased by the SDK. */
interface RestFailure {
  statusCode?: number;
  code?: string;
  name?: string;
  details?: { error?: { innerError?: { code?: string } } };
}

/** Key Vault's inner codes for which a person must act. Microsoft Learn: "Azure Key Vault REST API error codes". */
function hintFor(code: string | undefined, name: string, vault: string): string | undefined {
  switch (code) {
    case "ForbiddenByRbac":
    case "ForbiddenByPolicy":
      return `Give the app's identity the role "Key Vault Secrets Officer" on the vault: az role assignment create --role "Key Vault Secrets Officer" --assignee-object-id <principal id> --scope <vault id> (a new role takes up to ten minutes to work)`;
    case "ForbiddenByFirewall":
      return `Let the app through the vault's firewall: "trusted Microsoft services" does not cover function code, so add its subnet or a private endpoint`;
    case "ObjectIsDeletedButRecoverable":
      return `Recover the deleted secret, or purge it: az keyvault secret recover --vault-name ${vault} --name ${name}`;
    default:
      return undefined;
  }
}

/** Says what failed in the vault, with its code where nobody needs to act; never shows a value. */
export function vaultError(
  error: unknown,
  where: { action: string; name: string; vault: string },
): UpstreamError | StalledError {
  const failure = (error ?? {}) as RestFailure;
  const { vault } = where;
  if (/^(CredentialUnavailable|Authentication)\w*Error$/.test(failure.name ?? "")) {
    const because = `the app's own identity gets no token (${failure.name})`;
    const facts = { service: "Entra", status: 0, transient: false } as const;
    return new UpstreamError(`Cannot ${where.action} in vault "${vault}": ${because}`, facts);
  }
  const code = failure.details?.error?.innerError?.code ?? failure.code;
  const status = failure.statusCode ?? 0;
  const answered =
    status === 0 ? `no answer (${failure.code ?? failure.name ?? "unknown"})` : `${status} ${code ?? ""}`;
  const message = `Cannot ${where.action} in vault "${vault}": ${answered.trim()}`;
  const hint = hintFor(code, where.name, vault);
  if (hint) return new StalledError(message, hint);
  return new UpstreamError(message, {
    service: "Key Vault",
    status,
    ...(code ? { code } : {}),
    // ObjectIsBeingDeleted and ObjectIsBeingRecovered end by themselves.
    ...(code?.startsWith("ObjectIsBeing") ? { transient: true } : {}),
  });
}
