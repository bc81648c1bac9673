import * as z from "zod";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { Graph } from "./graph.ts";
import { listAll } from "./pages.ts";
import { saysOneOf } from "./refusals.ts";

const deletedItem = z.object({ id: z.string(), uniqueName: z.string().nullish() });

/**
 * A deleted application keeps its uniqueName for 30 days, and Graph answers the collision with 400, not 409
 * (microsoftgraph/msgraph-bicep-types #137 and #202).
 */
export async function explainNamesake(graph: Graph, uniqueName: string, error: unknown): Promise<never> {
  const collides = saysOneOf(error, ["same value for property uniqueName already exists"]);
  if (!(error instanceof UpstreamError) || error.status !== 400 || !collides) throw error;
  const id = await deletedObjectId(graph, uniqueName);
  const items = `${graph.url}/v1.0/directory/deletedItems`;
  const url = `${items}/${id ?? lookUp(items, uniqueName)}`;
  const hint = `Restore it, or delete it permanently, then call again:\naz rest --method POST --url "${url}/restore"\naz rest --method DELETE --url "${url}"`;
  const message = `Cannot create registration "${uniqueName}": a deleted registration keeps this name for 30 days`;
  throw new StalledError("registration-deleted", message, { hint, cause: error });
}

/**
 * Whoever has our App ID URI gets the tokens that were meant for OpenMetadata: Entra lets each be taken once, by
 * anybody who may register applications (Microsoft Learn: "Restrictions on identifier URIs").
 */
export function explainTakenUri({ action, uri }: { action: string; uri: string }, error: unknown): never {
  if (!saysOneOf(error, ["same value for property identifierUris already exists"])) throw error;
  throw new StalledError("app-id-uri-taken", `Cannot ${action}: another application has it already`, {
    hint: `Find out which application has it and who owns it, remove the URI from it (App registrations > Expose an API), then call again:\naz ad app show --id ${uri} --query "{name:displayName,clientId:appId,uris:identifierUris}"\naz ad app owner list --id ${uri}`,
    cause: error,
  });
}

/** For whoever may list what we may not. One parameter only: on Windows the & between two would end the command. */
function lookUp(items: string, uniqueName: string): string {
  const list = `${items}/microsoft.graph.application?$top=999`;
  return `$(az rest --url '${list}' --query "value[?uniqueName=='${uniqueName}'].id" --output tsv)`;
}

/** Application.ReadWrite.OwnedBy may restore a deleted registration, but not list it: then the id stays unknown. */
async function deletedObjectId(graph: Graph, uniqueName: string): Promise<string | undefined> {
  try {
    const request = {
      action: "look for a deleted registration",
      path: "/directory/deletedItems/microsoft.graph.application",
      query: { $select: "id,uniqueName", $top: "999" },
    };
    const found = await listAll(graph, request, deletedItem);
    return found.find((deleted) => deleted.uniqueName === uniqueName)?.id;
  } catch (error) {
    // More of them than can be read leave the id unknown too: the collision is what is to be told.
    if (error instanceof UpstreamError && (error.status === 403 || error.status === 200)) return undefined;
    throw error;
  }
}
