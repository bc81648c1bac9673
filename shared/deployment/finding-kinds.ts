/** What a finding may be about, by stable names; docs/status.md says what each is. */
export const FINDING_KINDS = [
  "authority",
  "callback-url",
  "client-id",
  "client-type",
  "default-admin",
  "foreign-keys",
  "no-bot",
  "other-installation",
  "own-keys",
  "planted",
  "principal-domain",
  "provider",
  "quickstart-key",
  "registration",
  "shared-identity",
  "sovereign-cloud",
  "sso-ignored",
  "tenant-keys",
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

/** Findings that somebody leaves so, each with the reason. What is critical counts nevertheless. */
export type AcceptedFindings = Partial<Record<FindingKind, string>>;
