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
      return [`${setting} refers to one version of the secret: leave the version out`];
    }
    if (status === "Resolved" || status === "Initialized") return [];
    const isDenied = status === "AccessToKeyVaultDenied" || status === "MSINotEnabled";
    const remedy = isDenied ? ': the site\'s identity needs the role "Key Vault Secrets User" on the vault' : "";
    return [`${setting} is not resolved: ${status}${details ? ` (${details})` : ""}${remedy}`];
  });
}
