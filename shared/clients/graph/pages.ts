import * as z from "zod";
import { UpstreamError } from "../../errors.ts";
import { LIST_TIME_OUT } from "../../limits.ts";
import type { Graph, GraphRequest } from "./graph.ts";
import { shaped } from "./refusals.ts";

/** So many pages of a hundred objects or more; what this app lists is short, and filtered by Graph. */
const MOST_PAGES = 50;

/**
 * Reads a list of such items to its end along `@odata.nextLink` (Microsoft Learn: "Paging Microsoft Graph data in your
 * app"). Of a link only path and query are used, so that the token goes to no other address.
 * @throws {UpstreamError} when a link comes again, or the pages do not end within a minute.
 */
export async function listAll<T extends z.ZodType>(
  graph: Graph,
  request: GraphRequest,
  item: T,
): Promise<z.output<T>[]> {
  const page = z.object({ value: z.array(item), "@odata.nextLink": z.string().optional() });
  const items: z.output<T>[] = [];
  const followed = new Set<string>();
  const signal = AbortSignal.timeout(LIST_TIME_OUT);
  let next: GraphRequest | undefined = { ...request, signal };
  while (next) {
    const one: z.output<typeof page> = shaped(page, await graph.get(next), request.action);
    const { value, "@odata.nextLink": link } = one;
    items.push(...value);
    if (link !== undefined && (followed.has(link) || followed.size + 1 >= MOST_PAGES)) throw endless(request);
    if (link !== undefined) followed.add(link);
    next = link === undefined ? undefined : { ...next, query: {}, path: pathOf(link) };
  }
  return items;
}

/** What follows the version in a link such as `https://graph.microsoft.com/v1.0/applications?$skiptoken=…`. */
function pathOf(link: string): string {
  const { pathname, search } = new URL(link, "https://graph.microsoft.com");
  return pathname.replace(/^\/v1\.0(?=\/)/, "") + search;
}

function endless({ action }: GraphRequest): UpstreamError {
  const message = `Cannot ${action}: Microsoft Graph keeps returning more pages`;
  return new UpstreamError(message, { service: "Microsoft Graph", status: 200 });
}
