import type * as z from "zod";
import { type Deployment, deploymentSchema, PLAIN_DEPLOYMENT } from "./deployment.ts";
import { ownFaults, registrationsOf, sharedRegistrations } from "./deployment-faults.ts";
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
  const entries: Entry[] = [];
  const faults: string[] = [];
  for (const [index, entry] of json.entries()) {
    const place = `${source}[${index}]`;
    const parsed = deploymentSchema.safeParse(entry);
    if (parsed.success) entries.push({ one: parsed.data, place });
    else faults.push(...faultsIn(parsed.error, place));
  }
  return withoutConflicts(entries, faults);
}

interface Entry {
  one: Deployment;
  place: string;
}

/** Leaves out what is wrong by itself, and what shares a name or a registration with an entry before it. */
function withoutConflicts(entries: readonly Entry[], faults: string[]): Fleet {
  const names = new Set(entries.map(({ one }) => one.name));
  const kept = new Map<string, Deployment>();
  const taken = new Map<string, string>();
  for (const { one, place } of entries) {
    const placeOf = (field: keyof Deployment): string => `${place}.${field}`;
    const named = registrationsOf(one, placeOf);
    const wrong = [
      ...(kept.has(one.name) ? [`${place}.name "${one.name}" is already the name of an earlier entry`] : []),
      ...ownFaults(one, names, placeOf),
      ...sharedRegistrations(named, taken),
    ];
    faults.push(...wrong);
    if (wrong.length > 0) continue;
    kept.set(one.name, one);
    for (const [id, where] of named) taken.set(id, where);
  }
  return { deployments: [...kept.values()], faults };
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
