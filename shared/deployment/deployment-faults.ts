import { isLoopback } from "./addresses.ts";
import { isWrittenByApp } from "./credentials.ts";
import type { Deployment } from "./deployment.ts";

/** How an operator calls a field of a deployment. */
type Place = (field: keyof Deployment) => string;

/** Which registrations are taken, by which field of which entry. */
type Taken = ReadonlyMap<string, string>;

/** What is wrong with a deployment beside the form of its fields, one sentence each; never a value. Pure. */
export function ownFaults(one: Deployment, names: ReadonlySet<string>, place: Place): string[] {
  return [...tokenFault(one, names, place), ...identityFault(one, place), ...clearTextFault(one, place)];
}

/** The token that we sign in with must be none that we replace, for whichever deployment: the app would shut itself out half way. */
function tokenFault(
  { openMetadataTokenSecret: secret }: Deployment,
  names: ReadonlySet<string>,
  place: Place,
): string[] {
  const isOwn = secret !== undefined && isWrittenByApp(names, secret);
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

/** The registrations that a deployment names: their ids, and by which field. */
export function registrationsOf(one: Deployment, place: Place): [id: string, place: string][] {
  return (["serverClientId", "ingestionClientId"] as const).flatMap((field) => {
    const id = one[field]?.toLowerCase();
    return id === undefined ? [] : [[id, place(field)] as [string, string]];
  });
}

/** Each registration serves one purpose of one deployment: what one rotates there, another would not know of. Pure. */
export function sharedRegistrations(named: readonly [id: string, place: string][], taken: Taken): string[] {
  const own = new Map<string, string>();
  return named.flatMap(([id, place]) => {
    const first = taken.get(id) ?? own.get(id);
    own.set(id, place);
    return first === undefined ? [] : [`${first} and ${place} must not be the same: each needs its own registration`];
  });
}
