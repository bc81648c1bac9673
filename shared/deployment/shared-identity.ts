import type { Deployment } from "./deployment.ts";

type Signing = Pick<Deployment, "name" | "identityClientId" | "openMetadataTokenSecret">;

/**
 * The other deployments whose servers the app signs in to with the same identity as this one's. OpenMetadata checks
 * neither audience nor issuer of a token, so each of these servers is handed what administers the others. Pure.
 */
export function sharesIdentityWith(
  deployment: Signing,
  all: readonly Signing[],
  ownClientId: string | undefined,
): string[] {
  const identityOf = ({ identityClientId }: Signing) => (identityClientId ?? ownClientId ?? "").toLowerCase();
  const signsIn = ({ openMetadataTokenSecret }: Signing): boolean => openMetadataTokenSecret === undefined;
  if (!signsIn(deployment)) return [];
  return all
    .filter((one) => one.name !== deployment.name && signsIn(one) && identityOf(one) === identityOf(deployment))
    .map(({ name }) => name);
}
