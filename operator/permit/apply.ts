import { z } from "zod";
import type { Graph } from "../../shared/clients/graph/graph.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { type ApiIds, callOf, idNeededBy, principalPath, registrationPath } from "./call.ts";
import type { Step } from "./steps.ts";

/** How a step ended: `refused` when whoever is signed in may not do it, or one before it that it needs. */
export type State = "done" | "refused";

/** Does the steps in turn. `known` holds the ids of a registration that exists; those of a new one are added to it. */
export async function apply(
  { graph, origin, tell }: { graph: Graph; origin: string; tell(step: Step, state: State): void },
  steps: readonly Step[],
  known: Partial<ApiIds>,
): Promise<Step[]> {
  const refused: Step[] = [];
  for (const step of steps) {
    const state = await attempt({ graph, origin }, step, known);
    if (state === "refused") refused.push(step);
    tell(step, state);
  }
  return refused;
}

async function attempt(
  { graph, origin }: { graph: Graph; origin: string },
  step: Step,
  known: Partial<ApiIds>,
): Promise<State> {
  const needed = idNeededBy(step);
  if (needed && known[needed] === undefined) return "refused";
  const {
    method,
    path,
    headers = {},
    body,
  } = callOf(step, { objectId: "", clientId: "", principalId: "", ...known }, origin);
  const request = { action: `${step.kind} ${step.target}`, path, headers, body };
  try {
    const answer = await graph.onceReplicated(() => (method === "POST" ? graph.post(request) : graph.patch(request)));
    await learn(graph, { step, answer, known });
    return "done";
  } catch (error) {
    if (isThere(step, error)) return "done";
    if (error instanceof UpstreamError && error.status === 403) return "refused";
    throw error;
  }
}

/** Keeps the ids of what was just made. 204 has no body: somebody else was faster. */
async function learn(graph: Graph, { step, answer, known }: { step: Step; answer: unknown; known: Partial<ApiIds> }) {
  const read = (path: string) =>
    graph.onceReplicated(() => graph.get({ action: `read ${step.target}`, path, query: { $select: "id,appId" } }));
  if (step.kind === "create-registration") {
    const made = z
      .object({ id: z.string(), appId: z.string() })
      .parse(answer ?? (await read(registrationPath(step.target))));
    Object.assign(known, { objectId: made.id, clientId: made.appId });
  }
  if (step.kind === "create-service-principal") {
    const made = z.object({ id: z.string() }).parse(answer ?? (await read(principalPath(known.clientId ?? ""))));
    known.principalId = made.id;
  }
}

/** Graph answers 400 or 409 for an assignment or an owner that is there (msgraph-bicep-types #161). */
function isThere({ kind }: Step, error: unknown): boolean {
  const repeats = kind === "assign-app-role" || kind === "add-owner";
  return (
    repeats &&
    error instanceof UpstreamError &&
    [400, 409].includes(error.status) &&
    /already exist/i.test(error.message)
  );
}
