import { z } from "zod";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { Graph } from "./graph.ts";
import { listAll } from "./pages.ts";
import { saysOneOf } from "./refusals.ts";

const deletedList = z.array(z.object({ id: z.string(), uniqueName: z.string().nullish() }));

/**
 * A deleted application keeps its uniqueName for 30 days, and Graph answers the collision with 400, not 409
 * (microsoftgraph/msgraph-bicep-types #137 and #202).
 */
export async function explainNamesake(graph: Graph, uniqueName: string, error: unknown): Promise<never> {
  const collides = saysOneOf(error, ["same value for property uniqueName already exists"]);
  if (!(error instanceof UpstreamError) || error.status !== 400 || !collides) throw error;
  const id = await deletedObjectId(graph, uniqueName);
  const url = `/v1.0/directory/deletedItems/${id ?? "<object id>"}`;
  const where = id ? "" : "; Entra shows the object id under App registrations, Deleted applications";
  throw new StalledError(
    `Cannot create registration "${uniqueName}": a deleted one of that name exists and keeps it for 30 days`,
    `Restore it (az rest --method POST --url "https://graph.microsoft.com${url}/restore") or remove it for good (az rest --method DELETE --url "https://graph.microsoft.com${url}"), then call again${where}`,
  );
}

/** Application.ReadWrite.OwnedBy may restore a deleted registration, but not list it: then the id stays unknown. */
async function deletedObjectId(graph: Graph, uniqueName: string): Promise<string | undefined> {
  try {
    const found = await listAll(graph, {
      action: "look for a deleted registration",
      path: "/directory/deletedItems/microsoft.graph.application",
      query: { $select: "id,uniqueName" },
    });
    return deletedList.parse(found).find((deleted) => deleted.uniqueName === uniqueName)?.id;
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 403) return undefined;
    throw error;
  }
}
