import { z } from "zod";
import { type Deployment, deploymentSchema, PLAIN_DEPLOYMENT } from "./deployment.ts";
import { deploymentFaults } from "./deployment-faults.ts";
import { describe, list } from "./setting-forms.ts";

const LISTS = new Set<string>(["EXTRA_REDIRECT_URIS", "INITIAL_ADMINS"]);

export interface FoundDeployments {
  found: Deployment[];
  faults: string[];
}

/** Reads the deployments, from plain settings or from `DEPLOYMENTS`, and what is wrong with them. */
export function readDeployments(env: Record<string, string>): FoundDeployments {
  const plain = Object.keys(PLAIN_DEPLOYMENT).filter((name) => name in env);
  if (env.DEPLOYMENTS === undefined) return readPlainDeployment(env);
  if (plain.length > 0) {
    return { found: [], faults: [`DEPLOYMENTS and ${plain.join(", ")} are both set: use one or the other`] };
  }
  let json: unknown;
  try {
    json = JSON.parse(env.DEPLOYMENTS);
  } catch {
    return { found: [], faults: ["DEPLOYMENTS must be JSON"] };
  }
  const parsed = z.array(deploymentSchema).min(1, { error: "must name at least one deployment" }).safeParse(json);
  if (!parsed.success) {
    return { found: [], faults: describe(parsed.error, placeIn) };
  }
  const names = parsed.data.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const place = (index: number) => (field: keyof Deployment) => `DEPLOYMENTS[${index}].${field}`;
  const faults = deploymentFaults(parsed.data, place);
  return { found: parsed.data, faults: [...twice.map((name) => `DEPLOYMENTS names "${name}" twice`), ...faults] };
}

/** The place in the setting, as in `DEPLOYMENTS[1].botName`. */
function placeIn(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => text + (typeof key === "number" ? `[${key}]` : `.${String(key)}`),
    "DEPLOYMENTS",
  );
}

function readPlainDeployment(env: Record<string, string>): FoundDeployments {
  const fields = Object.entries(PLAIN_DEPLOYMENT).map(([name, field]) => {
    const value = env[name];
    return [field, value !== undefined && LISTS.has(name) ? list.parse(value) : value] as const;
  });
  const parsed = deploymentSchema.safeParse(Object.fromEntries(fields.filter(([, value]) => value !== undefined)));
  const variable = (field: unknown): string =>
    Object.entries(PLAIN_DEPLOYMENT).find(([, one]) => one === field)?.[0] ?? String(field);
  if (!parsed.success) return { found: [], faults: describe(parsed.error, ([field]) => variable(field)) };
  return { found: [parsed.data], faults: deploymentFaults([parsed.data], () => variable) };
}
