import type { Application } from "../../directory/application.ts";
import type { PasswordRestriction, Policies } from "../../directory/policies.ts";
import type { Secret } from "../../directory/secret.ts";
import type { ServicePrincipal } from "../../directory/service-principal.ts";
import { refuse } from "../refusal.ts";

/** To which application a secret is added, and who adds it. */
export interface Subject {
  application: Pick<Application, "id" | "createdDateTime">;
  actor: ServicePrincipal | undefined;
}

/**
 * Throws what the policy in force says against a new secret (Microsoft Learn: "Overview of application management
 * policy"). What the application's own policy says about a kind of restriction goes before the tenant's; what exempts the actor there is not made good by the tenant's.
 */
export function checkPasswordPolicy(secret: Secret, subject: Subject, policies: Policies): void {
  const addition = inForce("passwordAddition", subject, policies);
  if (addition) {
    throw refuse(
      400,
      "CredentialTypeNotAllowedAsPerAppPolicy",
      `Credential type not allowed as per assigned policy '${addition.policyId}'.`,
    );
  }
  const lifetime = inForce("passwordLifetime", subject, policies);
  const allowed = milliseconds(lifetime?.restriction.maxLifetime ?? null);
  const wanted = new Date(secret.endDateTime).getTime() - new Date(secret.startDateTime).getTime();
  if (lifetime && wanted > allowed) {
    throw refuse(
      400,
      "CredentialInvalidLifetimeAsPerAppPolicy",
      `Credential lifetime exceeds the max value allowed as per assigned policy '${lifetime.policyId}'.`,
    );
  }
}

function inForce(
  kind: PasswordRestriction["restrictionType"],
  { application: { id, createdDateTime }, actor }: Subject,
  { tenant, ofApplication }: Policies,
): { restriction: PasswordRestriction; policyId: string } | undefined {
  const own = ofApplication.get(id);
  const sources = [
    ...(own?.isEnabled ? [{ policyId: own.id, list: own.restrictions.passwordCredentials }] : []),
    ...(tenant.isEnabled ? [{ policyId: tenant.id, list: tenant.applicationRestrictions.passwordCredentials }] : []),
  ];
  for (const { policyId, list } of sources) {
    const restriction = list.find(({ restrictionType }) => restrictionType === kind);
    if (!restriction) continue;
    const since = restriction.restrictForAppsCreatedAfterDateTime;
    const applies = restriction.state === "enabled" && (!since || new Date(createdDateTime) > new Date(since));
    return applies && !isExempt(restriction, actor) ? { restriction, policyId } : undefined;
  }
  return undefined;
}

function isExempt({ excludeActors }: PasswordRestriction, actor: ServicePrincipal | undefined): boolean {
  const held = new Map(Object.entries(actor?.customSecurityAttributes ?? {}));
  return excludeActors?.customSecurityAttributes.some(({ id, value }) => held.get(id) === value) ?? false;
}

/** An ISO 8601 duration of days and less; `null` is without end. */
function milliseconds(duration: string | null): number {
  if (duration === null) return Number.POSITIVE_INFINITY;
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (!match) throw new Error(`Cannot read the duration "${duration}" of a policy`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
