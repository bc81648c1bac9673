import { parse } from "yaml";
import { ACTION, type Context, fill, fillAll, named, read, type Step } from "./step.ts";

interface Parameter {
  name: string;
  default?: string;
  values?: string[];
}

interface Task {
  task: string;
  displayName: string;
  inputs: Record<string, string>;
  env: Record<string, string>;
}

interface Pipeline {
  parameters?: Parameter[];
  steps: { template?: string; parameters?: Record<string, unknown> }[];
}

const CHECKOUT = "$(Pipeline.Workspace)/openmetadata-entra/.github/actions/call";

/** The calls of a pipeline, by its template; `given` are its parameters, `variables` what `$(NAME)` stands for. */
export async function tasksOf(path: string, given: Context, variables: Context): Promise<Step[]> {
  const pipeline: Pipeline = parse(await read(path));
  const own = named("parameters", valuesOf(pipeline.parameters ?? [], given));
  const steps: Step[] = [];
  for (const { template, parameters } of pipeline.steps) {
    if (!template) continue;
    const called: { parameters: Parameter[]; steps: Task[] } = parse(await read(template.replace(/@.*/, "")));
    const values = valuesOf(called.parameters, fillAll(chosen(parameters ?? {}, own), own));
    steps.push(...called.steps.map((task) => stepOf(task, named("parameters", values), variables)));
  }
  return steps;
}

function stepOf({ task, displayName, inputs, env }: Task, known: Context, variables: Context): Step {
  if (task !== "AzureCLI@2" || inputs.scriptType !== "bash" || inputs.scriptLocation !== "scriptPath") {
    throw new Error(`Cannot run ${task} as it is written`);
  }
  const file = inputs.scriptPath?.replace(CHECKOUT, ACTION);
  if (!file?.startsWith(ACTION)) throw new Error(`The script is somewhere else: ${inputs.scriptPath}`);
  const filled = Object.entries(fillAll(env, known)).map(([name, value]) => [
    name,
    value.replace(/\$\((\w+)\)/g, (macro, variable: string) => variables[variable] ?? macro),
  ]);
  return { name: fill(displayName, known), script: { file }, env: Object.fromEntries(filled) };
}

function valuesOf(parameters: Parameter[], given: Record<string, string>): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => !parameters.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`There is no parameter ${unknown}`);
  return Object.fromEntries(
    parameters.map(({ name, default: otherwise, values }) => {
      const value = given[name] ?? otherwise;
      if (value === undefined) throw new Error(`Parameter ${name} is missing`);
      if (values && !values.includes(value)) throw new Error(`Parameter ${name} cannot be ${value}`);
      return [name, value];
    }),
  );
}

/** Resolves `${{ if eq(parameters.x, 'y') }}:` and the `${{ else }}:` that follows it. */
function chosen(written: Record<string, unknown>, known: Context): Record<string, unknown> {
  let held = false;
  return Object.fromEntries(
    Object.entries(written).flatMap(([key, value]) => {
      const [, name = "", wanted] = /^\$\{\{ if eq\(([\w.]+), '(.*)'\) \}\}$/.exec(key) ?? [];
      if (wanted === undefined && !/^\$\{\{ else \}\}$/.test(key)) return [[key, value]];
      held = wanted === undefined ? !held : known[name] === wanted;
      return held ? Object.entries(value as Record<string, unknown>) : [];
    }),
  );
}
