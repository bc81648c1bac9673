import type { Call } from "./case.ts";

/** Deletes an application for good. @returns why something stays. */
export async function removeApplication(graph: Call, id: string): Promise<string | undefined> {
  const removed = await graph("DELETE", `/applications/${id}`);
  if (removed.status !== 204 && removed.status !== 404) return `not deleted (${removed.status})`;
  const purged = await graph("DELETE", `/directory/deletedItems/${id}`);
  return purged.status === 204 ? undefined : "deleted; Entra keeps it for 30 days under Deleted applications";
}

/** Deletes a secret for good. @returns why something stays. */
export async function removeSecret(vault: Call, name: string): Promise<string | undefined> {
  const removed = await vault("DELETE", `/secrets/${name}?api-version=7.4`);
  if (removed.status === 404) return undefined;
  if (removed.status === 409) return "deleted; the vault keeps its name until it is purged";
  if (removed.status !== 200) return `not deleted (${removed.status})`;
  const purged = await vault("DELETE", `/deletedsecrets/${name}?api-version=7.4`);
  return purged.status === 204
    ? undefined
    : "deleted; the vault keeps it, and its name, until its retention period has passed";
}
