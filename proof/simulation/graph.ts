import type { Graph, GraphRequest } from "../../shared/clients/graph/graph.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { SLOW_REQUEST_TIME_OUT } from "../../shared/limits.ts";
import type { Entra } from "./entra.ts";
import type { Network } from "./network.ts";
import type { Run } from "./run.ts";
import type { Timeline } from "./timeline.ts";
import { OBJECT_ID } from "./token-endpoint.ts";

/** Microsoft's client repeats these answers, unless the request is marked `once`. */
const REPEATED = [429, 503, 504];
const ATTEMPTS = 3;

/** Microsoft Graph for the real client of credentials: the requests that it sends, and no others. */
export function simulatedGraph(
  { timeline, network, entra }: { timeline: Timeline; network: Network; entra: Entra },
  run: Run,
): Graph {
  const send = async (request: GraphRequest, write: boolean, attempt = 1): Promise<unknown> => {
    const { action, once } = request;
    const effect = (lag: number): unknown => (write ? post(entra, run, request) : get(entra, request, lag));
    try {
      return await network.call(run, {
        service: "Microsoft Graph",
        action,
        write,
        timeout: SLOW_REQUEST_TIME_OUT,
        effect,
      });
    } catch (error) {
      const repeats = error instanceof UpstreamError && REPEATED.includes(error.status) && !once;
      if (!repeats || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => timeline.after(1_000 * attempt, () => resolve(undefined)));
      return send(request, write, attempt + 1);
    }
  };
  const never = (request: GraphRequest): never => {
    throw new Error(`Cannot ${request.action}: the simulation does not know the request`);
  };
  return {
    url: "https://graph.simulated",
    objectId: async () => OBJECT_ID,
    get: (request) => send(request, false),
    find: (request) => send(request, false),
    post: (request) => send(request, true),
    patch: async (request) => never(request),
    onceReplicated: (request) => request(),
  };
}

function get(entra: Entra, { action, path }: GraphRequest, lag: number): unknown {
  switch (path) {
    case "/applications(uniqueName='openmetadata-ingestion')":
      return entra.application(lag);
    case `/applications/${OBJECT_ID}/appManagementPolicies`:
      return { value: [] };
    case "/policies/defaultAppManagementPolicy":
      return entra.policy();
    default:
      throw new Error(`Cannot ${action}: the simulation does not know ${path}`);
  }
}

function post(entra: Entra, run: Run, { action, path, body }: GraphRequest): unknown {
  switch (path) {
    case `/applications/${OBJECT_ID}/addPassword`:
      return entra.addPassword(run, (body as AddPassword).passwordCredential);
    case `/applications/${OBJECT_ID}/removePassword`:
      return entra.removePassword(run, (body as { keyId: string }).keyId);
    default:
      throw new Error(`Cannot ${action}: the simulation does not know ${path}`);
  }
}

interface AddPassword {
  passwordCredential: { displayName: string; endDateTime: string };
}
