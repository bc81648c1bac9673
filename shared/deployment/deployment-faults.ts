import { isLoopback } from "./addresses.ts";
import { isWrittenByApp } from "./credentials.ts";
import type { Deployment } from "./deployment.ts";

/** How an operator calls a field of a deployment. */
type Place = (field: keyof Deployment) => string;

/** What is wrong with deployments beside the form of their fields, one sentence each; never a value. Pure. */
export function deploymentFaults(all: readonly Deployment[], placeOf: (index: number) => Place): string[] {
  return [...all.flatMap((one, index) => ownFaults(one, all, placeOf(index))), ...sharedRegistrations(all, placeOf)];
}

/** What is wrong with one of them by its own fields. Pure. */
export function ownFaults(one: Deployment, all: readonly Deployment[], place: Place): string[] {
  return [...tokenFault(one, all, place), ...identityFault(one, place), ...clearTextFault(one, place)];
}

/** The token that we sign in with must be none that we replace, for whichever deployment: the app would shut itself out half way. */
function tokenFault(
  { openMetadataTokenSecret: secret }: Deployment,
  all: readonly Deployment[],
  place: Place,
): string[] {
  const isOwn = secret !== undefined && isWrittenByApp(all, secret);
  return isOwn ? [`${place("openMetadataTokenSecret")} must not be a secret that this app writes itself`] : [];
}

function identityFault({ identityClientId, openMetadataTokenSecret }: Deployment, place: Place): string[] {
  if (identityClientId === undefined || openMetadataTokenSecret === undefined) return [];
  return [
    `${place("identityClientId")} has no effect together with ${place("openMetadataTokenSecret")}: use one or the other`,
  ];
}

function clearTextFault({ openMetadataUrl, allowHttp }: Deployment, place: Place): string[] {
  const { protocol, hostname } = new URL(openMetadataUrl);
  if (protocol === "https:" || allowHttp || isLoopback(hostname)) return [];
  return [
    `${place("openMetadataUrl")} must be an https:// URL, because administrators' tokens would be sent unencrypted; ${place("allowHttp")} "true" permits http://`,
  ];
}

/** Each registration serves one purpose of one deployment: what one rotates there, another would not know of. Pure. */
export function sharedRegistrations(all: readonly Deployment[], placeOf: (index: number) => Place): string[] {
  const seen = new Map<string, string>();
  return all.flatMap((one, index) =>
    (["serverClientId", "ingestionClientId"] as const).flatMap((field) => {
      const id = one[field]?.toLowerCase();
      const place = placeOf(index)(field);
      const first = id === undefined ? undefined : seen.get(id);
      if (id !== undefined && first === undefined) seen.set(id, place);
      return first === undefined ? [] : [`${first} and ${place} must not be the same: each needs its own registration`];
    }),
  );
}
