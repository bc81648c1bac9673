import { type Call, record, type Seen } from "./case.ts";

/** Asks again for a while, as long as it has to be waited for. */
export type Patiently = (attempt: () => Promise<Seen>, until: (seen: Seen) => boolean) => Promise<Seen>;

/** Deletes an application for good; `key` is its id, or `(uniqueName='...')` where no answer told the id. */
export async function removeApplication(
  graph: Call,
  key: string,
  patiently: Patiently = (attempt) => attempt(),
): Promise<string | undefined> {
  const id = key.startsWith("(") ? await idOf(graph, key, patiently) : key;
  if (id === undefined) return undefined;
  const removed = await graph("DELETE", `/applications/${id}`);
  if (removed.status !== 204 && removed.status !== 404) return `not deleted (${removed.status})`;
  const purged = await graph("DELETE", `/directory/deletedItems/${id}`);
  return purged.status === 204 ? undefined : "deleted; Entra keeps it for 30 days under Deleted applications";
}

/** undefined: there is none, as it seems after a while. */
async function idOf(graph: Call, key: string, patiently: Patiently): Promise<string | undefined> {
  const found = await patiently(
    () => graph("GET", `/applications${key}?$select=id`),
    ({ status }) => status === 200,
  );
  if (found.status !== 200 && found.status !== 404) throw new Error(String(found.status));
  const { id } = record(found.json);
  return typeof id === "string" ? id : undefined;
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
