import { StalledError, UpstreamError } from "../../errors.ts";
import type { CodeOf } from "../../problems/problems.ts";
import { TOKEN_TIME_OUT_ERROR } from "../azure-bounds.ts";

/** The parts of the SDK's `RestError` that tell why; the inner code is camel-cased by the SDK. */
interface RestFailure {
  statusCode?: number;
  /** By our own bounds. */
  retryAfterSeconds?: number;
  code?: string;
  name?: string;
  details?: { error?: { innerError?: { code?: string } } };
}

interface Remedy {
  code: CodeOf<409>;
  hint: string | undefined;
}

/** Key Vault's inner codes for which a person must act. Microsoft Learn: "Azure Key Vault REST API error codes". */
function remedyFor(innerCode: string | undefined, name: string, vault: string): Remedy | undefined {
  switch (innerCode) {
    case "ForbiddenByRbac":
    case "ForbiddenByPolicy":
      return {
        code: "vault-forbidden",
        hint: `Give the app's identity the role "Key Vault Secrets Officer" on the vault (it can take ten minutes to work); OBJECT_ID is identity.objectId in GET /api/status:\naz role assignment create --role 'Key Vault Secrets Officer' --assignee-object-id OBJECT_ID --assignee-principal-type ServicePrincipal --scope "$(az keyvault show --name ${vault} --query id --output tsv)"`,
      };
    case "ForbiddenByFirewall":
      return { code: "vault-network-forbidden", hint: undefined };
    case "ObjectIsDeletedButRecoverable":
      return {
        code: "vault-secret-deleted",
        hint: `Recover the deleted secret, or purge it, then call again:\naz keyvault secret recover --vault-name ${vault} --name ${name}`,
      };
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
    const because = `the app's identity gets no token (${failure.name})`;
    const facts = { service: "Entra", status: 0, code: "identity-without-token", cause: error } as const;
    return new UpstreamError(`Cannot ${where.action} in vault "${vault}": ${because}`, facts);
  }
  if (failure.name === TOKEN_TIME_OUT_ERROR) {
    const because = "the endpoint of the app's identity does not answer";
    const facts = { service: "Entra", status: 0, cause: error } as const;
    return new UpstreamError(`Cannot ${where.action} in vault "${vault}": ${because}`, facts);
  }
  const code = failure.details?.error?.innerError?.code ?? failure.code;
  const status = failure.statusCode ?? 0;
  const answered =
    status === 0
      ? `no answer (${failure.code ?? failure.name ?? "unknown"})`
      : `Key Vault answered ${status} ${code ?? ""}`;
  const message = `Cannot ${where.action} in vault "${vault}": ${answered.trim()}`;
  const remedy = remedyFor(code, where.name, vault);
  if (remedy) return new StalledError(remedy.code, message, { hint: remedy.hint, cause: error });
  return new UpstreamError(message, {
    service: "Key Vault",
    status,
    cause: error,
    serviceCode: code,
    retryAfterSeconds: failure.retryAfterSeconds ?? 0,
    // ObjectIsBeingDeleted and ObjectIsBeingRecovered end by themselves.
    ...(code?.startsWith("ObjectIsBeing") ? { code: "vault-unavailable" } : {}),
  });
}
