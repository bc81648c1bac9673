import { StalledError, UpstreamError } from "../../errors.ts";
import type { Graph } from "./graph.ts";

const HINT =
  "Grant the app's identity the Graph permission Application.ReadWrite.OwnedBy (GET /api/status lists those it has). If the app did not create the registration, also make its identity an owner; OBJECT_ID is identity.objectId in GET /api/status:\naz ad app owner add --id CLIENT_ID --owner-object-id OBJECT_ID";

/**
 * The same Graph for the app's own registrations: a 403 there is a matter for a person, who is told what to do. Other
 * failures, a 403 among them that only awaits replication, stay what they are.
 */
export function asOwner(graph: Graph): Graph {
  const explained = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (isRefused(error))
        throw new StalledError("registration-forbidden", error.message, { hint: HINT, cause: error });
      throw error;
    }
  };
  return {
    url: graph.url,
    get: (request) => explained(graph.get(request)),
    find: (request) => explained(graph.find(request)),
    post: (request) => explained(graph.post(request)),
    patch: (request) => explained(graph.patch(request)),
    onceReplicated: (request) => graph.onceReplicated(request),
  };
}

function isRefused(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && error.status === 403 && /insufficient privileges/i.test(error.message);
}
