/** The domain that OpenMetadata assumes where none is configured. */
export const DEFAULT_PRINCIPAL_DOMAIN = "open-metadata.org";

/** The claims by which OpenMetadata finds people where none are configured, in its order. */
export const DEFAULT_PRINCIPAL_CLAIMS: readonly string[] = ["email", "preferred_username", "sub"];

/** The account with which every OpenMetadata begins: `admin@open-metadata.org`, password `admin`. */
export const DEFAULT_ADMIN = "admin";

/** Whether a name or an address in a list of administrators means the default admin. */
export function isDefaultAdmin(principal: string): boolean {
  return principal.split("@")[0]?.trim().toLowerCase() === DEFAULT_ADMIN;
}
