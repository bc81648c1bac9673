import type { Graph } from "../../shared/clients/graph/graph.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { OperatorError } from "../operator-error.ts";
import { apply, type State } from "./apply.ts";
import type { ApiIds } from "./call.ts";
import { handOver } from "./hand-over.ts";
import { observe, type Wish } from "./observe.ts";
import { planPermit } from "./plan.ts";
import type { ApiRegistration, Step } from "./steps.ts";

export interface Setting {
  graph: Graph;
  /** Microsoft Graph's origin. */
  origin: string;
  tenantId: string;
  /** Told of each step as soon as it is known how it ends. */
  tell(step: Step, state: State | "planned"): void;
}

export interface Outcome {
  steps: { kind: Step["kind"]; because: string; target: string; state: State | "planned" }[];
  /** The setting API_AUDIENCE, once the registration exists. */
  apiClientId: string | undefined;
  /** For an administrator, where whoever is signed in may not do all of it, or asked for it. */
  handOver: string | undefined;
}

/** `apply` does it, `dry-run` only says what would be done, `hand-over` writes it down for somebody else. */
export type Mode = "apply" | "dry-run" | "hand-over";

/** Observes, plans, and does what is missing. A second run finds nothing to do. */
export async function permit(
  setting: Setting,
  wish: Wish & { permissions: readonly string[] },
  mode: Mode,
): Promise<Outcome> {
  const observed = await observe(setting.graph, wish).catch(mayNotRead);
  const plan = planPermit(observed, wish.permissions);
  const known = idsOf(observed.api);
  const steps: Outcome["steps"] = [];
  const tell = (step: Step, state: State | "planned"): void => {
    steps.push({ kind: step.kind, because: step.because, target: step.target, state });
    setting.tell(step, state);
  };
  let left: readonly Step[] = [];
  if (mode === "apply") left = await apply({ ...setting, tell }, plan, known);
  else for (const step of plan) tell(step, "planned");
  if (mode === "hand-over") left = plan;
  return {
    steps,
    apiClientId: known.clientId,
    handOver: left.length > 0 ? handOver(left, { known, ...setting }) : undefined,
  };
}

/** The client's own hint is for the app: it would send a person to the app's status. */
function mayNotRead(error: unknown): never {
  if (!(error instanceof UpstreamError) || error.status !== 403) throw error;
  throw new OperatorError(
    error.message,
    "Whoever is signed in may not read the tenant's directory. Members of the tenant may, guests and pipelines with the Entra role Directory Readers: sign in as one of them, and call again",
  );
}

function idsOf(api: ApiRegistration | undefined): Partial<ApiIds> {
  if (!api) return {};
  const { objectId, clientId, principal } = api;
  return { objectId, clientId, ...(principal ? { principalId: principal.objectId } : {}) };
}
