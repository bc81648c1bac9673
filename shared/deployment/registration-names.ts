import type { Deployment } from "./deployment.ts";

/** How a registration is found: by the name that this app gives it, or, for one made by hand, by its client id. */
export type RegistrationName = { uniqueName: string } | { appId: string };

/** The names that a deployment's registrations have in Entra, for people too. */
export function uniqueNames({ name }: Pick<Deployment, "name">): { server: string; ingestion: string } {
  return { server: `${name}-server`, ingestion: `${name}-ingestion` };
}

/** How the two registrations of a deployment are found. */
export function registrationNames({
  serverClientId,
  ingestionClientId,
  ...deployment
}: Pick<Deployment, "name" | "serverClientId" | "ingestionClientId">): {
  server: RegistrationName;
  ingestion: RegistrationName;
} {
  const { server, ingestion } = uniqueNames(deployment);
  return {
    server: serverClientId ? { appId: serverClientId } : { uniqueName: server },
    ingestion: ingestionClientId ? { appId: ingestionClientId } : { uniqueName: ingestion },
  };
}
