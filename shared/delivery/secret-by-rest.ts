import { isAtLeast, parseRelease, type Release } from "../deployment/release.ts";

/**
 * How the server itself, where people sign in to it by the authorization-code flow, gets its new client secret.
 *
 *   release            the server's sign-in is             the secret reaches it
 *   -----------------  ----------------------------------  --------------------------------------------------
 *   1.10 and later     in its database                     by REST: the server tries it out and goes on with it
 *   after 1.13         its environment's, where it says so as below
 *   before 1.10        its environment's                   App Service that refers to the vault, where one is named:
 *                                                          refreshed, and restarted if that is allowed
 *                                                          otherwise whatever else reads the vault, in its own time
 *   told by none       whether it has the REST call says   as that says
 */
const FIRST_BY_REST: Release = [1, 10, 0];
/** Up to 1.13 the database always counts (open-metadata/OpenMetadata #31786). */
const FIRST_BY_EITHER: Release = [1, 14, 0];

/** Whether this release takes a new client secret by REST; undefined where the version tells no release. Pure. */
export function takesSecretByRest(version: string): boolean | undefined {
  const release = parseRelease(version);
  return release && isAtLeast(release, FIRST_BY_REST);
}

/** Whether a conflict with the environment is what 409 can mean; a locked database is answered likewise. Pure. */
export function mayFollowEnvironment(version: string): boolean {
  const release = parseRelease(version);
  return release === undefined || isAtLeast(release, FIRST_BY_EITHER);
}
