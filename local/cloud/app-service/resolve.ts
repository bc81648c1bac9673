import type { AppServiceOptions } from "./options.ts";
import type { Reference } from "./reference.ts";

/** How the resolution of a reference can stand (`ResolveStatus`, Microsoft.Web 2025-05-01). */
export type ResolveStatus =
  | "Initialized"
  | "Resolved"
  | "InvalidSyntax"
  | "MSINotEnabled"
  | "VaultNotFound"
  | "SecretNotFound"
  | "SecretVersionNotFound"
  | "AccessToKeyVaultDenied"
  | "OtherReasons";

/** What came of a reference; with `Resolved` the value, and the version that it is of. */
export interface Resolution {
  status: ResolveStatus;
  value?: string;
  activeVersion?: string;
}

/** Fetches the secret from the vault with the identity of the site, once. Never throws. */
export async function resolve(
  reference: Reference | undefined,
  identityObjectId: string | undefined,
  options: AppServiceOptions,
): Promise<Resolution> {
  if (!reference) return { status: "InvalidSyntax" };
  if (!identityObjectId) return { status: "MSINotEnabled" };
  const vault = reference.vaultUrl ?? options.vaultUrl(reference.vaultName);
  if (!vault) return { status: "VaultNotFound" };
  const { secretName, secretVersion = "" } = reference;
  try {
    const answer = await fetch(`${vault}/secrets/${secretName}/${secretVersion}?api-version=7.4`, {
      headers: { authorization: `Bearer ${await options.vaultToken(identityObjectId)}`, "user-agent": "app-service" },
    });
    const body = (await answer.json()) as { id: string; value: string; error?: { innererror?: { code: string } } };
    if (answer.ok) return { status: "Resolved", value: body.value, activeVersion: body.id.split("/").at(-1) ?? "" };
    return { status: refusalOf(answer.status, secretVersion !== "", body.error?.innererror?.code) };
  } catch {
    return { status: "VaultNotFound" };
  }
}

function refusalOf(status: number, namesVersion: boolean, inner: string | undefined): ResolveStatus {
  if (status === 404) return namesVersion ? "SecretVersionNotFound" : "SecretNotFound";
  // A disabled version is no matter of rights.
  if (status === 403 && inner !== "SecretDisabled") return "AccessToKeyVaultDenied";
  return status === 401 ? "AccessToKeyVaultDenied" : "OtherReasons";
}
