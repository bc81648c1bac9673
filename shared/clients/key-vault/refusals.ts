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

/**
 * Key Vault's codes for which a person must act. Microsoft Learn: "Azure Key Vault REST API error codes"; public reports for
 * what it does not list (turbot/steampipe-plugin-azure #127, Azure/azure-sdk-for-js #6221).
 */
async function remedyFor(told: string | undefined, { name, vault, objectId }: Where): Promise<Remedy | undefined> {
  switch (told) {
    case "AccessDenied":
    case "ForbiddenByPolicy":
      // Such a vault does not mind roles.
      return {
        code: "vault-forbidden",
        hint: `The vault uses access policies, and none lets the app's identity in. Add one:\naz keyvault set-policy --name ${vault} --object-id ${await objectId()} --secret-permissions get list set`,
      };
    case "AKV10032":
      return {
        code: "tenant-mismatch",
        hint: `Correct KEY_VAULT_URL: the vault belongs to another tenant than the app's identity. If it was moved to this tenant with its subscription, set its tenant as well (Microsoft Learn: "Moving an Azure Key Vault to another subscription"):\naz keyvault show --name ${vault} --query properties.tenantId`,
      };
    case "ForbiddenByRbac":
      return {
        code: "vault-forbidden",
        hint: `Give the app's identity the role "Key Vault Secrets Officer" on the vault (this can take ten minutes to take effect):\naz role assignment create --role 'Key Vault Secrets Officer' --assignee-object-id ${await objectId()} --assignee-principal-type ServicePrincipal --scope "$(az keyvault show --name ${vault} --query id --output tsv)"`,
      };
    case "ForbiddenByConnection":
      return {
        code: "vault-network-forbidden",
        hint: `Public network access to the vault is off: connect the app's subnet to it by a private endpoint (its DNS zone privatelink.vaultcore.azure.net must be linked to the app's network), or switch public access on:\naz keyvault update --name ${vault} --public-network-access Enabled`,
      };
    case "ForbiddenByNsp":
      return {
        code: "vault-network-forbidden",
        hint: "The vault's network security perimeter does not let the app in: add an inbound access rule for the app's subscription or outbound addresses to the perimeter's profile, or connect the app by a private endpoint",
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

/** The vault's number for what is wrong with a token: of all such refusals the code is `Unauthorized`. */
function numberIn({ details }: RestFailure): string | undefined {
  return /^AKV\d+/.exec(details?.error?.message ?? "")?.[0];
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
  const code = failure.details?.error?.innerError?.code ?? numberIn(failure) ?? outer;
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
