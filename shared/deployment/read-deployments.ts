import * as z from "zod";
import { type Deployment, deploymentSchema, PLAIN_DEPLOYMENT } from "./deployment.ts";
import { ownFaults, registrationsOf, sharedRegistrations } from "./deployment-faults.ts";
import { type Fleet, readFleet } from "./fleet.ts";
import { describe, list } from "./setting-forms.ts";

const LISTS = new Set<string>(["EXTRA_REDIRECT_URIS", "INITIAL_ADMINS"]);

/** Where a list of deployments lies: the address of a blob, without a signature, which would be a secret in a setting. */
const blobUrl = z
  .url({ protocol: /^https$/, error: "must be the https:// URL of a blob", abort: true })
  .refine((url) => !url.includes("?"), {
    error: "must have no SAS token: the app reads the blob with its managed identity",
  })
  .refine(namesBlob, { error: "must be https://<account>/<container>/<blob>, without a password" });

export type Source =
  | ({ kind: "given" } & Fleet)
  /** Read when it is needed, and anew when it has changed. */
  | { kind: "blob"; url: string }
  | { kind: "faulty"; faults: string[] };

/** Finds the deployments: in plain settings, in `DEPLOYMENTS`, or where `DEPLOYMENTS_BLOB` says. */
export function readDeployments(env: Record<string, string>): Source {
  const plain = Object.keys(PLAIN_DEPLOYMENT).filter((name) => name in env);
  const lists = ["DEPLOYMENTS", "DEPLOYMENTS_BLOB"].filter((name) => name in env);
  const given = [...lists, ...plain];
  if (lists.length > 0 && given.length > 1) {
    return {
      kind: "faulty",
      faults: [`${given[0]} and ${given.slice(1).join(", ")} are both set: use one or the other`],
    };
  }
  if (env.DEPLOYMENTS_BLOB !== undefined) return readBlobUrl(env.DEPLOYMENTS_BLOB);
  if (env.DEPLOYMENTS === undefined) return readPlainDeployment(env);
  const fleet = readFleet(parsed(env.DEPLOYMENTS), "DEPLOYMENTS");
  return fleet.deployments.length > 0 ? { kind: "given", ...fleet } : { kind: "faulty", faults: fleet.faults };
}

function readBlobUrl(text: string): Source {
  const url = blobUrl.safeParse(text);
  if (url.success) return { kind: "blob", url: url.data };
  return { kind: "faulty", faults: describe(url.error, () => "DEPLOYMENTS_BLOB") };
}

function namesBlob(url: string): boolean {
  const { username, password, hash, pathname } = new URL(url);
  return username === "" && password === "" && hash === "" && /^\/[^/]+\/[^/]/.test(pathname);
}

function readPlainDeployment(env: Record<string, string>): Source {
  const fields = Object.entries(PLAIN_DEPLOYMENT).map(([name, field]) => {
    const value = env[name];
    return [field, value !== undefined && LISTS.has(name) ? list.parse(value) : value] as const;
  });
  const found = deploymentSchema.safeParse(Object.fromEntries(fields.filter(([, value]) => value !== undefined)));
  const variable = (path: PropertyKey[]): string =>
    Object.entries(PLAIN_DEPLOYMENT).find(([, field]) => field === path[0])?.[0] ?? String(path[0]);
  if (!found.success) return { kind: "faulty", faults: describe(found.error, variable) };
  const place = (field: keyof Deployment): string => variable([field]);
  const faults = [
    ...ownFaults(found.data, new Set([found.data.name]), place),
    ...sharedRegistrations(registrationsOf(found.data, place), new Map()),
  ];
  return faults.length > 0 ? { kind: "faulty", faults } : { kind: "given", deployments: [found.data], faults: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
