import { isAtLeast, type Release } from "../deployment/release.ts";

const FIRST_KNOWN: Release = [0, 13, 0];
/** The first release with `clientType` and `oidcConfiguration`. */
const FIRST_AUTH_CODE: Release = [1, 3, 2];

/** Why a release cannot be configured that way, with what to do; undefined when it can. Pure. */
export function unsupported(
  release: Release,
  flow: "implicit" | "auth-code",
): { because: string; hint: string } | undefined {
  const version = release.join(".");
  if (!isAtLeast(release, FIRST_KNOWN)) {
    return {
      because: `OpenMetadata ${version} is too old: its settings have other names`,
      hint: "Upgrade OpenMetadata to 0.13 or later",
    };
  }
  if (flow === "auth-code" && !isAtLeast(release, FIRST_AUTH_CODE)) {
    return {
      because: `OpenMetadata ${version} supports only the implicit flow; the authorization code flow needs 1.3.2 or later`,
      hint: 'Set SIGN_IN_FLOW to "implicit" and call POST /api/provision, or upgrade OpenMetadata',
    };
  }
  return undefined;
}
