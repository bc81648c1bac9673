import type { z } from "zod";
import { isWrittenByApp } from "./credentials.ts";
import { type Deployment, deploymentSchema, PLAIN_DEPLOYMENT } from "./deployment.ts";
import { describe } from "./setting-forms.ts";

/** The deployments that can be served, and what is wrong with the others: one sentence each, never a value. */
export interface Fleet {
  deployments: Deployment[];
  faults: string[];
}

/**
 * Reads a list of deployments; `source` is how the operator calls it. An entry that is wrong is left out and does not keep
 * the others from their service; of two that cannot be served together the later one is.
 */
export function readFleet(json: unknown, source: string): Fleet {
  if (json === undefined) return { deployments: [], faults: [`${source} must be JSON`] };
  if (!Array.isArray(json)) return { deployments: [], faults: [`${source} must be a JSON list`] };
  if (json.length === 0) return { deployments: [], faults: [`${source} must name at least one deployment`] };
  const deployments: Deployment[] = [];
  const faults: string[] = [];
  for (const [index, entry] of json.entries()) {
    const place = `${source}[${index}]`;
    const parsed = deploymentSchema.safeParse(entry);
    const wrong = parsed.success ? conflicts(parsed.data, deployments, place) : faultsIn(parsed.error, place);
    faults.push(...wrong);
    if (parsed.success && wrong.length === 0) deployments.push(parsed.data);
  }
  return withoutOwnTokens(deployments, faults, source);
}

/** What stands between an entry and those before it: names and registrations belong to one deployment each. */
function conflicts(one: Deployment, before: readonly Deployment[], place: string): string[] {
  const faults = sameRegistration(one, place);
  if (before.some(({ name }) => name === one.name))
    faults.push(`${place}.name "${one.name}" is that of an earlier entry`);
  const taken = before.flatMap(({ serverClientId, ingestionClientId }) => [serverClientId, ingestionClientId]);
  for (const field of ["serverClientId", "ingestionClientId"] as const) {
    const id = one[field]?.toLowerCase();
    if (id && taken.some((other) => other?.toLowerCase() === id)) {
      faults.push(
        `${place}.${field} is the client id of an earlier entry: each registration belongs to one deployment`,
      );
    }
  }
  return faults;
}

/** Two credentials on one registration would each take the other's client secrets for replaced ones. */
export function sameRegistration(
  { serverClientId, ingestionClientId }: Pick<Deployment, "serverClientId" | "ingestionClientId">,
  place: string,
): string[] {
  const same = serverClientId !== undefined && serverClientId.toLowerCase() === ingestionClientId?.toLowerCase();
  return same ? [`${place} names one registration for both the server and ingestion: each needs its own`] : [];
}

/** The token that we sign in with must be none that we replace, for whichever deployment: the app would shut itself out half way. */
export function ownTokenFault(
  { openMetadataTokenSecret: secret }: Deployment,
  all: readonly Deployment[],
  place: string,
) {
  const isOwn = secret !== undefined && isWrittenByApp(all, secret);
  return isOwn ? [`${place} must not be a secret that this app writes itself`] : [];
}

function withoutOwnTokens(all: readonly Deployment[], faults: readonly string[], source: string): Fleet {
  const own = all.map((one) => ownTokenFault(one, all, `${source}: openMetadataTokenSecret of "${one.name}"`));
  return { deployments: all.filter((_, index) => own[index]?.length === 0), faults: [...faults, ...own.flat()] };
}

/** The place in the list, as in `DEPLOYMENTS[1].botName`. */
function faultsIn(error: z.ZodError, place: string): string[] {
  const name = (path: PropertyKey[]): string =>
    path.reduce<string>((text, key) => text + (typeof key === "number" ? `[${key}]` : `.${String(key)}`), place);
  return describe(error, name, fieldMeant);
}

/** Which field somebody means who writes `deploymentName`, or `OPENMETADATA_URL`. */
function fieldMeant(written: string): string | undefined {
  const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
  const setting = Object.entries(PLAIN_DEPLOYMENT).find((names) => names.some((one) => plain(one) === plain(written)));
  return setting?.[1];
}
