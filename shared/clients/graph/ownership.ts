import { StalledError, UpstreamError } from "../../errors.ts";
import type { CodeOf } from "../../problems/problems.ts";
import type { Graph, GraphRequest } from "./graph.ts";
import { saysOneOf } from "./refusals.ts";

interface Remedy {
  code: CodeOf<409>;
  hint?: string;
}

/** Either may be missing; Graph does not say which. An application that is only to be made has no owner yet. */
async function notOurs(graph: Graph, { path }: GraphRequest): Promise<Remedy> {
  const objectId = await graph.objectId();
  const grant = `Grant the app's identity the Graph permission Application.ReadWrite.OwnedBy, if it lacks it (GET /api/status has the same for az):\nnpm run permit -- --identity ${objectId}`;
  const [, application] = /^\/applications\/([\da-f-]{36})\b/.exec(path) ?? [];
  const own = application
    ? `\nIf the app did not create the registration, also make its identity an owner:\naz ad app owner add --id ${application} --owner-object-id ${objectId}`
    : "";
  return { code: "registration-forbidden", hint: `${grant}${own}` };
}

const SECRETS_FULL: Remedy = {
  code: "directory-quota-exceeded",
  hint: "Remove unused client secrets from the registration (App registrations > Certificates & secrets): it cannot hold another",
};
const OBJECTS_FULL: Remedy = {
  code: "directory-quota-exceeded",
  hint: "The app's identity owns as many objects as Entra allows. Delete applications that it owns and nobody needs, permanently, or give the identity a directory role without this limit",
};

const FORBIDDEN_BY_TENANT: Remedy = {
  code: "tenant-policy-conflict",
  hint: "Exempt the application, or the app's identity as its creator, from the tenant's application management policy that the message names (Entra > Enterprise applications > Application policies)",
};

/**
 * The same Graph for the app's own registrations: what only a person can cure is told with what to do. Other failures, a
 * 403 among them that only awaits replication, stay what they are.
 */
export function asOwner(graph: Graph): Graph {
  const explained = async <T>(answer: Promise<T>, request: GraphRequest): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      const remedy =
        error instanceof UpstreamError && isForbidden(error) ? await notOurs(graph, request) : remedyFor(error);
      if (!remedy || !(error instanceof Error)) throw error;
      throw new StalledError(remedy.code, error.message, { hint: remedy.hint, cause: error });
    }
  };
  return {
    url: graph.url,
    objectId: () => graph.objectId(),
    get: (request) => explained(graph.get(request), request),
    find: (request) => explained(graph.find(request), request),
    post: (request) => explained(graph.post(request), request),
    patch: (request) => explained(graph.patch(request), request),
    onceReplicated: (request) => graph.onceReplicated(request),
  };
}

/**
 * Microsoft Learn: "Microsoft Entra service limits"; microsoftgraph/microsoft-graph-docs #21469 for the size of an object,
 * microsoft-foundry/foundry-agent-webapp #3 for the service reference.
 */
function remedyFor(error: unknown): Remedy | undefined {
  if (!(error instanceof UpstreamError)) return undefined;
  if (error.serviceCode === "ServiceTreeValueMissing") return { code: "service-reference-missing" };
  // What is said of credentials depends on the settings of their lifetime, and is told where they are issued.
  if (/^(?!Credential).*AsPerAppPolicy$/.test(error.serviceCode ?? "")) return FORBIDDEN_BY_TENANT;
  if (saysOneOf(error, ["size of the object has exceeded"])) return SECRETS_FULL;
  if (error.serviceCode === "Directory_QuotaExceeded") return OBJECTS_FULL;
  return undefined;
}

function isForbidden(error: UpstreamError): boolean {
  return error.status === 403 && saysOneOf(error, ["insufficient privileges"]);
}
