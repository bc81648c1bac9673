import { parse } from "yaml";
import { ACTION, type Context, fill, fillAll, named, read, type Step } from "./step.ts";

interface Written {
  id?: string;
  name?: string;
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  env?: Record<string, unknown>;
}

interface Workflow {
  on: { workflow_dispatch?: { inputs?: Record<string, { default?: string }> } | null } | string;
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; steps: Written[] }>;
}

interface Action {
  inputs: Record<string, { required?: boolean; default?: string }>;
  runs: { steps: (Written & { shell: string })[] };
}

const OURS = /\/openmetadata-entra\/\.github\/actions\/call@/;

export async function readWorkflow(path: string): Promise<Workflow> {
  return parse(await read(path));
}

export async function readAction(): Promise<Action> {
  return parse(await read(".github/actions/call/action.yml"));
}

/**
 * The shell steps of a workflow in their order, those of our action among them, each as a function of what is known when
 * its turn comes. Steps of other people's actions are left out.
 */
export async function stepsOf(path: string): Promise<((known: Context) => Step)[]> {
  const [workflow, action] = [await readWorkflow(path), await readAction()];
  const written = Object.values(workflow.jobs).flatMap(({ steps }) => steps);
  return written.flatMap((step) => {
    const { id, name = "", run } = step;
    if (step.uses && OURS.test(step.uses)) return [(known: Context) => stepOfAction(step, action, known)];
    if (run === undefined) return [];
    return [(known: Context) => ({ id, name, script: { text: fill(run, known) }, env: fillAll(step.env, known) })];
  });
}

/** The shell step of our action, called by hand. */
export async function actionStep(inputs: Record<string, string>): Promise<Step> {
  return stepOfAction({ name: inputs.call ?? "", with: inputs }, await readAction(), {});
}

function stepOfAction({ id, name = "", with: given }: Written, { inputs, runs }: Action, known: Context): Step {
  const passed = fillAll(given, known);
  for (const input of Object.keys(passed)) if (!inputs[input]) throw new Error(`The action has no input "${input}"`);
  const values: Record<string, string> = {};
  for (const [input, { required, default: otherwise }] of Object.entries(inputs)) {
    const value = passed[input] ?? otherwise;
    if (value === undefined && required) throw new Error(`The action needs the input "${input}"`);
    values[input] = value ?? "";
  }
  const [only] = runs.steps;
  if (!only?.run || runs.steps.length > 1) throw new Error("The action is no longer one shell step");
  const env = { ...fillAll(only.env, named("inputs", values)), GITHUB_ACTION_PATH: ACTION };
  return { id, name, script: { text: only.run }, env };
}
