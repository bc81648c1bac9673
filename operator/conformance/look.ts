import { type Call, expectSeen, items, record } from "./case.ts";

const MOST_PAGES = 20;

/** A resource of Azure as it is now; `path` with its api-version. @throws {Error} that names what it takes to look. */
export async function look(arm: Call, path: string, takes = "Reader"): Promise<Record<string, unknown>> {
  const seen = await arm("GET", path);
  if (seen.status === 401 || seen.status === 403) throw new Error(`you may not look at it: it takes ${takes}`);
  if (seen.status === 404) throw new Error("Azure knows nothing of that name: check the resource ids that you gave");
  expectSeen(seen, { status: 200 });
  return record(seen.json);
}

/** All of a collection, page by page. */
export async function lookAtAll(arm: Call, path: string, takes?: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
    const json: Record<string, unknown> = await look(arm, next, takes);
    found.push(...items(json));
    // Only the path: the token goes to nobody else.
    const link: URL | undefined = typeof json.nextLink === "string" ? new URL(json.nextLink) : undefined;
    next = link && `${link.pathname}${link.search}`;
  }
  return found;
}

/** `/subscriptions/<id>/resourceGroups/<name>` of a resource. */
export function groupOf(id: string): string {
  return id.split("/").slice(0, 5).join("/");
}

/** What ARM says of a resource beside its name. */
export function propertiesOf(json: unknown): Record<string, unknown> {
  return record(record(json).properties);
}
