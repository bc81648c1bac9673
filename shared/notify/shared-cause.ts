/** Whom a cause concerns beside the one that meets it. */
export type Concerned = "all" | "deployment";

const OF_ALL: readonly string[] = ["storage-refused", "permission-missing", "tenant-mismatch"];
const OF_DEPLOYMENT: readonly string[] = [
  "registration-missing",
  "registration-not-ours",
  "address-redirects",
  "openmetadata-forbidden",
  "openmetadata-version-unknown",
  "openmetadata-unreachable",
  "openmetadata-unavailable",
  "openmetadata-refused",
  "openmetadata-unreadable",
];

/**
 * All reach the same services with the same identity; the credentials of a deployment share its server and its
 * registrations. undefined where a cause is nobody else's.
 */
export function concernedBy(reason: string): Concerned | undefined {
  const isOfAll =
    OF_ALL.includes(reason) ||
    /^(?:graph|vault|entra|identity|storage)-(?:un\w+|throttled|(?:network-)?forbidden|without-token)$/.test(reason);
  if (isOfAll) return "all";
  return OF_DEPLOYMENT.includes(reason) ? "deployment" : undefined;
}

/** Under which name it is remembered who tells of a cause that others share; undefined where nobody does. */
export function sharedName(reason: string, deployment: string | undefined): string | undefined {
  const concerned = concernedBy(reason);
  if (concerned === "all") return `_shared/${reason}.json`;
  return concerned && deployment ? `${deployment}/_shared/${reason}.json` : undefined;
}
