/** What expires and is rotated, by the end of the name of its vault secret. */
export const CREDENTIALS = ["ingestion-client-secret", "server-client-secret", "bot-token"] as const;
export type CredentialKind = (typeof CREDENTIALS)[number];
