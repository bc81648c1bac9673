import type { VaultReference } from "./server-ports.ts";

/** Those that refer to this secret of this vault. Names have no case in Azure. Pure. */
export function referencesTo<T extends VaultReference>(
  references: readonly T[],
  wanted: { vault: string; secret: string },
): T[] {
  const same = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();
  return references.filter(({ vault, secret }) => same(vault, wanted.vault) && same(secret, wanted.secret));
}

/** Why a reference will not show the current version, one sentence each; empty when all do or will. Pure. */
export function referenceFaults(references: readonly VaultReference[], version: string): string[] {
  return references.flatMap(({ setting, status, details, pinnedVersion }) => {
    if (pinnedVersion && pinnedVersion !== version) {
      return [`remove the version from the reference in ${setting}`];
    }
    if (status === "Resolved" || status === "Initialized") return [];
    const isDenied = status === "AccessToKeyVaultDenied" || status === "MSINotEnabled";
    const remedy = isDenied ? '; give the site\'s identity the role "Key Vault Secrets User" on the vault' : "";
    return [`${setting} does not resolve: ${status}${details ? ` (${details})` : ""}${remedy}`];
  });
}
