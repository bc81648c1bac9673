/** A reference to Key Vault as an app setting holds it. */
export interface Reference {
  text: string;
  vaultName: string;
  /** Origin of the vault, if the reference gives the secret's address instead of the vault's name. */
  vaultUrl: string | undefined;
  secretName: string;
  /** Without one the latest version is meant. */
  secretVersion: string | undefined;
}

const REFERENCE = /^@Microsoft\.KeyVault\((.*)\)$/s;

/** Whether an app setting is meant to be a reference, be it well written or not. */
export function isReference(setting: string): boolean {
  return REFERENCE.test(setting);
}

/**
 * Reads both forms (Microsoft Learn: "Use Key Vault references as app settings", section "Source app settings from key
 * vault"): `SecretUri=<address>[/version]`, and `VaultName=…;SecretName=…[;SecretVersion=…]`. `undefined`: wrong syntax.
 */
export function readReference(setting: string): Reference | undefined {
  const inside = REFERENCE.exec(setting)?.[1];
  if (inside === undefined) return undefined;
  const parts = new Map(
    inside.split(";").map((part) => part.split(/=(.*)/s).map((text) => text.trim()) as [string, string]),
  );
  const uri = parts.get("SecretUri");
  if (uri !== undefined) return parts.size === 1 ? fromUri(setting, uri) : undefined;
  const [vaultName, secretName, secretVersion] = ["VaultName", "SecretName", "SecretVersion"].map((key) =>
    parts.get(key),
  );
  if (!vaultName || !secretName) return undefined;
  return { text: setting, vaultName, vaultUrl: undefined, secretName, secretVersion: secretVersion || undefined };
}

function fromUri(text: string, uri: string): Reference | undefined {
  if (!URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  const [, secrets, secretName, secretVersion] = url.pathname.split("/");
  const [vaultName = ""] = url.hostname.split(".");
  if (url.protocol !== "https:" || secrets !== "secrets" || !secretName) return undefined;
  return { text, vaultName, vaultUrl: url.origin, secretName, secretVersion: secretVersion || undefined };
}
