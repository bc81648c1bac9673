import { z } from "zod";
import { isWrittenByApp } from "./credentials.ts";
import { type Deployment, deploymentSchema, PLAIN_DEPLOYMENT } from "./deployment.ts";
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
  const parsed = z
    .array(deploymentSchema, { error: "must be a JSON list" })
    .min(1, { error: "must name at least one deployment" })
    .safeParse(json);
  if (!parsed.success) {
    return { found: [], faults: describe(parsed.error, placeIn, fieldMeant) };
  }
  const names = parsed.data.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const faults = parsed.data.flatMap((one, index) =>
    tokenFault(one, parsed.data, `DEPLOYMENTS[${index}].openMetadataTokenSecret`),
  );
  return { found: parsed.data, faults: [...twice.map((name) => `DEPLOYMENTS names "${name}" twice`), ...faults] };
}

/** Which field somebody means who writes `deploymentName`, or `OPENMETADATA_URL`. */
function fieldMeant(written: string): string | undefined {
  const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
  const setting = Object.entries(PLAIN_DEPLOYMENT).find((names) => names.some((one) => plain(one) === plain(written)));
  return setting?.[1];
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
  if (parsed.success)
    return { found: [parsed.data], faults: tokenFault(parsed.data, [parsed.data], "OPENMETADATA_TOKEN_SECRET") };
  const variable = (path: PropertyKey[]): string =>
    Object.entries(PLAIN_DEPLOYMENT).find(([, field]) => field === path[0])?.[0] ?? String(path[0]);
  return { found: [], faults: describe(parsed.error, variable) };
}

/** The token that we sign in with must be none that we replace, for whichever deployment: the app would shut itself out half way. */
function tokenFault({ openMetadataTokenSecret: secret }: Deployment, all: readonly Deployment[], setting: string) {
  const isOwn = secret !== undefined && isWrittenByApp(all, secret);
  return isOwn ? [`${setting} must not be a secret that this app writes itself`] : [];
}
