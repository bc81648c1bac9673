import * as z from "zod";
import { UpstreamError } from "../../errors.ts";
import type { SecretLimits } from "../../rotation/client-secret/tenant-policy.ts";
import type { Graph } from "./graph.ts";
import { listAll } from "./pages.ts";
import { shaped } from "./refusals.ts";

const restriction = z.object({
  restrictionType: z.string(),
  state: z.string().nullish(),
  maxLifetime: z.string().nullish(),
  restrictForAppsCreatedAfterDateTime: z.coerce.date().nullish(),
  excludeActors: z.object({ customSecurityAttributes: z.array(z.unknown()).nullish() }).nullish(),
});
const restrictions = z.object({ passwordCredentials: z.array(restriction).nullish() }).nullish();
const policy = z.object({ isEnabled: z.boolean().nullish(), applicationRestrictions: restrictions, restrictions });

/**
 * Reads the application management policies that apply: what one assigned to the application says about a restriction
 * counts before the tenant's default, which holds for everything that the other does not mention. One that spares some
 * actors forbids nothing here: whether it spares this app, only Entra knows.
 * Microsoft Learn: "Microsoft Entra application management policies API overview". Needs Policy.Read.All.
 * @returns undefined where that permission is missing: then only Entra's refusal tells.
 */
export function secretLimits(graph: Graph): (objectId: string, createdOn: Date) => Promise<SecretLimits | undefined> {
  return async (objectId, createdOn) => {
    const action = "read the tenant's policies for client secrets";
    try {
      const [assignedToIt, ofTenant] = await Promise.all([
        listAll(graph, { action, path: `/applications/${objectId}/appManagementPolicies` }, policy),
        graph.get({ action, path: "/policies/defaultAppManagementPolicy" }),
      ]);
      const first = assignedToIt.find(({ isEnabled }) => isEnabled);
      const tenant = shaped(policy, ofTenant, action);
      const own = first?.restrictions?.passwordCredentials ?? [];
      const mentioned = new Set(own.map(({ restrictionType }) => restrictionType));
      const others = (tenant.isEnabled ? tenant.applicationRestrictions?.passwordCredentials : undefined) ?? [];
      return limitsOf([...own, ...others.filter((one) => !mentioned.has(one.restrictionType))], createdOn);
    } catch (error) {
      if (error instanceof UpstreamError && error.status === 403) return undefined;
      throw error;
    }
  };
}

function limitsOf(found: readonly z.output<typeof restriction>[], createdOn: Date): SecretLimits {
  const effective = found.filter(
    ({ state, restrictForAppsCreatedAfterDateTime: after }) => state !== "disabled" && (!after || createdOn >= after),
  );
  const caps = effective.flatMap(({ restrictionType, maxLifetime, ...one }) => {
    const life = restrictionType === "passwordLifetime" ? durationOf(maxLifetime ?? "") : undefined;
    return life === undefined ? [] : [{ life, sparesSome: sparesSome(one) }];
  });
  const [shortest] = caps.toSorted((one, other) => one.life - other.life);
  return {
    forbidden: effective.some((one) => one.restrictionType === "passwordAddition" && !sparesSome(one)),
    longestLife: shortest?.life,
    sparesSome: shortest?.sparesSome ?? false,
  };
}

/**
 * Is somebody spared by a custom security attribute, perhaps the app's identity? Reading one's own attributes takes a
 * permission that this app is not given.
 */
function sparesSome({ excludeActors }: Pick<z.output<typeof restriction>, "excludeActors">): boolean {
  return (excludeActors?.customSecurityAttributes ?? []).length > 0;
}

/** Milliseconds of an ISO 8601 duration; a month counts 30 days, a year 365, so that a limit is never exceeded. */
function durationOf(text: string): number | undefined {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!found) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  const wholeDays = (years ?? 0) * 365 + (months ?? 0) * 30 + (weeks ?? 0) * 7 + (days ?? 0);
  return (((wholeDays * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}
