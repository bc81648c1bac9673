import { StalledError, UpstreamError } from "../../errors.ts";
import type { CodeOf } from "../../problems/problems.ts";
import { withoutStatus } from "../azure-bounds.ts";
import { isWithoutToken, whyWithoutToken } from "../identity.ts";

/** The parts of the SDK's `RestError` that tell why; the inner code is camel-cased by the SDK. */
interface RestFailure {
  statusCode?: number;
  /** By our own bounds. */
  retryAfterSeconds?: number;
  /** A number where it is a DOMException, as a time that has run out is. */
  code?: string | number;
  name?: string;
  message?: string;
  details?: { error?: { message?: string; innerError?: { code?: string } } };
}

interface Remedy {
  code: CodeOf<409>;
  hint: string | undefined;
}

/** What was attempted, on which secret of which vault, and as whom. */
interface Where {
  action: string;
  name: string;
  vault: string;
  objectId: () => Promise<string>;
}

/** Key Vault's inner codes for which a person must act. Microsoft Learn: "Azure Key Vault REST API error codes". */
async function remedyFor(innerCode: string | undefined, { name, vault, objectId }: Where): Promise<Remedy | undefined> {
  switch (innerCode) {
    case "ForbiddenByRbac":
    case "ForbiddenByPolicy":
      return {
        code: "vault-forbidden",
        hint: `Give the app's identity the role "Key Vault Secrets Officer" on the vault (this can take ten minutes to take effect):\naz role assignment create --role 'Key Vault Secrets Officer' --assignee-object-id ${await objectId()} --assignee-principal-type ServicePrincipal --scope "$(az keyvault show --name ${vault} --query id --output tsv)"`,
      };
    case "ForbiddenByConnection":
      return {
        code: "vault-network-forbidden",
        hint: `Public network access to the vault is off: connect the app's subnet to it by a private endpoint (its DNS zone privatelink.vaultcore.azure.net must be linked to the app's network), or switch public access on:\naz keyvault update --name ${vault} --public-network-access Enabled`,
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

/** An Azure Policy has the same code as an access policy that lacks a right; only its words tell (Microsoft Learn: "Integrate Azure Key Vault with Azure Policy"). */
function isAzurePolicy({ details }: RestFailure): boolean {
  return /disallowed by policy|policy definition|azure policy/i.test(details?.error?.message ?? "");
}

/** Says what failed in the vault, with its code where nobody needs to act; never shows a value. */
export async function vaultError(error: unknown, where: Where): Promise<UpstreamError | StalledError> {
  if (error instanceof UpstreamError) return error;
  const failure = (error ?? {}) as RestFailure;
  const { vault } = where;
  if (isWithoutToken(error)) {
    const why = whyWithoutToken(error);
    const because = `the app's identity gets no token (${why.serviceCode ?? failure.name})`;
    const facts = { service: "Entra", ...why, cause: error } as const;
    return new UpstreamError(`Cannot ${where.action} in vault "${vault}": ${because}`, facts);
  }
  const outer = typeof failure.code === "string" ? failure.code : undefined;
  const code = failure.details?.error?.innerError?.code ?? outer;
  const status = failure.statusCode ?? 0;
  const answered = status === 0 ? withoutStatus(failure, outer) : `Key Vault answered ${status} ${code ?? ""}`;
  const message = `Cannot ${where.action} in vault "${vault}": ${answered.trim()}`;
  if (isAzurePolicy(failure))
    return new StalledError("vault-policy-conflict", `${message}: an Azure Policy denies it`, { cause: error });
  const remedy = await remedyFor(code, where);
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
