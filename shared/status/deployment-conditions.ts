import type { Access } from "../hygiene/access.ts";
import type { Finding } from "../hygiene/finding.ts";
import type { Permission } from "../registration/grant-command.ts";
import { type Condition, type ConditionType, holds, lacks, rank, type Verdict, worst } from "./condition.ts";
import { explained, isUnread, severityOf, type Unread } from "./unread.ts";

/** What the conditions of a deployment as a whole are made from, part by part. */
export interface WholeFacts {
  identity: { graphPermissions: { missing: readonly { permission: Permission }[] } } | Unread;
  registrations: { server: { found: boolean } | Unread; ingestion: { found: boolean } | Unread };
  openMetadata: ({ version: string; obstacles: readonly string[] } | Unread) & { access: Access | Unread };
  /** The vault holds client secrets that this app has issued: there were registrations once. */
  holdsSecrets?: boolean;
}

/** And all of them: what status has read. */
export interface DeploymentFacts extends WholeFacts {
  drift: { findings: readonly (Finding & { accepted?: string | undefined })[]; unread?: readonly { what: string }[] };
  credentials: readonly { secret: string; verdict: Verdict; conditions: readonly Condition[] }[];
}

/** Does the deployment have any registration, as far as can be seen? */
export function isSetUp({ server, ingestion }: DeploymentFacts["registrations"]): boolean {
  return [server, ingestion].some((one) => isUnread(one) || one.found);
}

/** Everything that holds of a deployment or does not, `Ready` first, which sums up the others. Pure. */
export function deploymentConditions(facts: DeploymentFacts): Condition[] {
  const own = [...wholeConditions(facts), hardened(facts.drift)];
  return [ready(own, facts.credentials), ...own];
}

/** Those of the deployment as a whole, its findings aside. Pure. */
export function wholeConditions({ registrations, openMetadata, identity, holdsSecrets }: WholeFacts): Condition[] {
  return [
    provisioned(registrations, holdsSecrets),
    reachable(openMetadata),
    admitted(openMetadata),
    permitted(identity),
  ];
}

function ready(own: readonly Condition[], credentials: DeploymentFacts["credentials"]): Condition {
  const told = [
    ...own.map((condition) => ({ condition, of: "" })),
    ...credentials.flatMap(({ secret, conditions }) =>
      conditions.map((condition) => ({ condition, of: condition.message.includes(secret) ? "" : `${secret}: ` })),
    ),
  ].toSorted((one, other) => rank(one.condition.verdict) - rank(other.condition.verdict));
  const verdict = worst(told.map(({ condition }) => condition.verdict));
  const [first] = told;
  if (verdict === "healthy" || !first) return holds("Ready", "ready", "Everything works, or merely waits its time");
  const { condition, of } = first;
  return {
    ...lacks("Ready", [verdict, condition.reason], `${of}${condition.message}`),
    status: statusOfReady(verdict),
  };
}

/** What only needs a look still works. */
function statusOfReady(verdict: Verdict): Condition["status"] {
  return verdict === "failing" ? "False" : "True";
}

function unknown(type: ConditionType, unread: Unread): Condition {
  const { code } = unread;
  return { type, status: "Unknown", verdict: severityOf(code), reason: code, message: explained(unread) };
}

function provisioned({ server, ingestion }: DeploymentFacts["registrations"], holdsSecrets = false): Condition {
  if (isUnread(server)) return unknown("Provisioned", server);
  if (isUnread(ingestion)) return unknown("Provisioned", ingestion);
  const found = [server.found, ingestion.found].filter(Boolean).length;
  if (found === 2) return holds("Provisioned", "provisioned", "Both registrations are there");
  const next = "Call POST /api/provision, then POST /api/consent and POST /api/rotate";
  if (found === 0 && holdsSecrets) {
    const message =
      "Both registrations are missing, though the vault holds client secrets of theirs: nobody signs in. POST /api/provision says how to get them back";
    return lacks("Provisioned", ["failing", "registration-missing"], message);
  }
  if (found === 0) {
    return lacks(
      "Provisioned",
      ["attention", "registration-missing"],
      `Not set up yet: there is no registration. ${next}`,
    );
  }
  const which = server.found ? "ingestion" : "the server";
  return lacks("Provisioned", ["failing", "registration-missing"], `The registration of ${which} is missing. ${next}`);
}

function reachable(openMetadata: DeploymentFacts["openMetadata"]): Condition {
  if (!isUnread(openMetadata)) return holds("Reachable", "reachable", `OpenMetadata ${openMetadata.version} answers`);
  return lacks("Reachable", [severityOf(openMetadata.code), openMetadata.code], explained(openMetadata));
}

function admitted(openMetadata: DeploymentFacts["openMetadata"]): Condition {
  const { access } = openMetadata;
  if (isUnread(access)) {
    // A server that does not answer is told by Reachable, a registration that is missing by Provisioned.
    if (isUnread(openMetadata) || access.code === "registration-missing")
      return { ...unknown("Admitted", access), verdict: "healthy" };
    const told = unknown("Admitted", access);
    return access.code === "openmetadata-forbidden" ? { ...told, status: "False" } : told;
  }
  if (!isUnread(openMetadata) && openMetadata.obstacles.length > 0) {
    const message = `Settings of the server keep the app out: ${openMetadata.obstacles.join("; ")}`;
    return lacks("Admitted", ["failing", "obstacles"], message);
  }
  if (!access.isAdmin) {
    const message = `The server knows the app as "${access.user}", who is no administrator: add that name to AUTHORIZER_ADMIN_PRINCIPALS and restart the server`;
    return lacks("Admitted", ["failing", "not-administrator"], message);
  }
  return holds("Admitted", "admitted", `The app is administrator "${access.user}"`);
}

function permitted(identity: DeploymentFacts["identity"]): Condition {
  if (isUnread(identity)) return unknown("Permitted", identity);
  const missing = identity.graphPermissions.missing.map(({ permission }) => permission);
  const needed: Permission = "Application.ReadWrite.OwnedBy";
  if (missing.includes(needed)) {
    const message = `The app lacks ${needed}, without which it can neither provision nor rotate; the command beside it grants it`;
    return lacks("Permitted", ["failing", "permission-missing"], message);
  }
  const rest = missing.length > 0 ? `; it does without ${missing.join(", ")}` : "";
  return holds("Permitted", "permitted", `The app holds what rotation needs in Microsoft Graph${rest}`);
}

/** A notice is a choice, and what was accepted is one too; of what could not be looked at nobody knows. */
function hardened({ findings, unread = [] }: DeploymentFacts["drift"]): Condition {
  const counted = findings.filter(({ severity, accepted }) => accepted === undefined && severity !== "notice");
  const [first, ...others] = counted;
  if (!first && unread.length > 0) {
    const message = `Could not be looked at: ${unread.map(({ what }) => what).join("; ")}`;
    return { type: "Hardened", status: "Unknown", verdict: "healthy", reason: "unknown", message };
  }
  if (!first) return holds("Hardened", "hardened", "No finding counts");
  const verdict = counted.some(({ severity }) => severity === "critical") ? "failing" : "attention";
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return lacks("Hardened", [verdict, "findings"], `${first.what}${more}`);
}
