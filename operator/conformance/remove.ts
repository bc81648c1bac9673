import type { Call, Seen } from "./case.ts";

/** Asks again for a while, as long as it has to be waited for. */
export type Patiently = (attempt: () => Promise<Seen>, until: (seen: Seen) => boolean) => Promise<Seen>;

/** Deletes an application for good; `key` is its id, or `(uniqueName='...')` where no answer told the id. */
export async function removeApplication(
  graph: Call,
  key: string,
  patiently: Patiently = (attempt) => attempt(),
): Promise<string | undefined> {
  const path = key.startsWith("(") ? `/applications${key}` : `/applications/${key}`;
  const found = key.startsWith("(")
    ? await patiently(
        () => graph("GET", `${path}?$select=id`),
        ({ status }) => status !== 404,
      )
    : undefined;
  if (found?.status === 404) return undefined;
  const id = found ? String((found.json as { id?: unknown } | undefined)?.id) : key;
  const removed = await graph("DELETE", path);
  if (removed.status !== 204 && removed.status !== 404) return `not deleted (${removed.status})`;
  const purged = await graph("DELETE", `/directory/deletedItems/${id}`);
  return purged.status === 204 ? undefined : "deleted; Entra keeps it for 30 days under Deleted applications";
}

/** Deletes a secret for good. While it is being deleted it cannot be purged: 409, or not yet there. */
export async function removeSecret(
  vault: Call,
  name: string,
  patiently: Patiently = (attempt) => attempt(),
): Promise<string | undefined> {
  const removed = await vault("DELETE", `/secrets/${name}?api-version=7.4`);
  if (removed.status !== 200 && removed.status !== 404 && removed.status !== 409)
    return `not deleted (${removed.status})`;
  // Who lacks the right to purge is told so at once.
  const purged = await patiently(
    () => vault("DELETE", `/deletedsecrets/${name}?api-version=7.4`),
    ({ status }) => status !== 409 && (status !== 404 || removed.status === 404),
  );
  if (purged.status === 204) return undefined;
  return removed.status === 404 && purged.status === 404
    ? undefined
    : "deleted; the vault keeps it, and its name, until its retention period has passed";
}

/** Deletes a resource of Azure and waits until it is gone. `path` with its api-version. */
export async function removeResource(
  arm: Call,
  path: string,
  patiently: Patiently = (attempt) => attempt(),
): Promise<string | undefined> {
  const removed = await arm("DELETE", path);
  if (removed.status === 404 || removed.status === 204 || removed.status === 200) return undefined;
  if (removed.status !== 202) return `not deleted (${removed.status})`;
  const seen = await patiently(
    () => arm("GET", path),
    ({ status }) => status === 404,
  );
  return seen.status === 404 ? undefined : "not deleted yet: Azure is still at it";
}
