import { DEFAULT_ADMIN } from "../deployment/openmetadata-defaults.ts";
import { parseRelease } from "../deployment/release.ts";
import { storeTokenCommand } from "../deployment/stored-token.ts";
import { StalledError } from "../errors.ts";
import { stepPlanned, takeStep } from "../log.ts";
import type { CodeOf } from "../problems/problems.ts";
import { askAccess, howToGetIn } from "./access.ts";
import { isListed } from "./default-admin.ts";
import { type Fix, type Observed, planHardening, type Step } from "./hardening-plan.ts";
import type { Ports } from "./ports.ts";

export interface Outcome {
  steps: (Step & { state: "planned" | "done" })[];
  result: {
    defaultAdmin: "absent" | "present";
    /** What nobody can see, and whoever called vouches for. */
    unseen?: string;
    /** Who administers the server, bots and the default admin aside. */
    administrators: string[];
  };
}

const CODES: Record<Fix["kind"], CodeOf<409>> = {
  unlist: "default-admin-configured",
  look: "default-admin-configured",
  "get-in": "openmetadata-forbidden",
  "other-token": "default-admin-in-use",
  "name-administrators": "administrators-missing",
  "make-administrators": "administrators-missing",
};

const UNSEEN =
  'Whether AUTHORIZER_ADMIN_PRINCIPALS in the server\'s environment lists "admin": if so, the next restart recreates the account';

/**
 * Deletes the default admin, for good, where that locks nobody out and lasts. Where nobody can see whether it lasts, the
 * caller must have looked (`adminNotListed`).
 * @throws {StalledError} when a person must act first; nothing was written then.
 */
export async function harden(
  ports: Ports,
  { dryRun, adminNotListed }: { dryRun: boolean; adminNotListed: boolean },
): Promise<Outcome> {
  const subject = `Cannot delete the default admin of deployment "${ports.deployment.name}"`;
  const observed = await observe(ports, subject);
  const plan = planHardening(observed, ports.deployment.initialAdmins, { adminNotListed });
  if (plan.kind === "refused")
    throw new StalledError(CODES[plan.fix.kind], `${subject}: ${plan.because}`, {
      hint: await hintFor(ports, plan.fix),
    });
  for (const step of plan.steps) {
    const how = { subject: "hardening", log: ports.log };
    if (dryRun) stepPlanned(step, how);
    else await takeStep(step, how, () => apply(ports, step, subject));
  }
  const state = dryRun ? "planned" : "done";
  return {
    steps: plan.steps.map((step) => ({ ...step, state })),
    result: {
      defaultAdmin: observed.exists && dryRun ? "present" : "absent",
      ...(observed.listed === undefined ? { unseen: UNSEEN } : {}),
      administrators: observed.administrators
        .filter(({ name, isBot }) => !isBot && name !== DEFAULT_ADMIN && name !== observed.self.user)
        .map(({ name }) => name),
    },
  };
}

async function observe(ports: Ports, subject: string): Promise<Observed> {
  const { server } = ports;
  // First: a caller that the server does not know is answered 404 to every question.
  const self = await askAccess(ports).catch((error: unknown) => {
    if (!(error instanceof StalledError)) throw error;
    throw new StalledError("openmetadata-forbidden", `${subject}: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  });
  const [exists, settings, version, administrators] = await Promise.all([
    server.userExists(DEFAULT_ADMIN),
    server.settings(),
    server.version(),
    server.administrators(),
  ]);
  return { exists, listed: isListed(settings, parseRelease(version)), administrators, self };
}

async function apply({ server }: Ports, step: Step, subject: string): Promise<void> {
  switch (step.kind) {
    case "delete-default-admin":
      await server.deleteUser(step.target);
      // A status code proves nothing.
      if (await server.userExists(step.target)) {
        throw new StalledError(
          "openmetadata-not-updated",
          `${subject}: OpenMetadata reported success, but user "${step.target}" still exists`,
          { hint: "Check the user in Settings > Users, then call again" },
        );
      }
      break;
    default:
      step.kind satisfies never;
  }
}

async function hintFor(ports: Ports, fix: Fix): Promise<string> {
  switch (fix.kind) {
    case "unlist":
      return `Remove "${DEFAULT_ADMIN}" from AUTHORIZER_ADMIN_PRINCIPALS (Helm: initialAdmins), which lists it by default; restart the server, then call again`;
    case "look":
      return `Check AUTHORIZER_ADMIN_PRINCIPALS (Helm: initialAdmins) in the server's environment. If it lists "${DEFAULT_ADMIN}", as it does by default, remove that and restart the server. Then call again with {"adminNotListed":true}`;
    case "get-in":
      return howToGetIn(ports);
    case "other-token":
      return otherToken(ports);
    case "name-administrators":
      return "Add at least one other person to INITIAL_ADMINS (app settings), and have that person sign in to OpenMetadata";
    case "make-administrators":
      return `Make ${fix.names.join(", ")} administrators (Settings > Users, or AUTHORIZER_ADMIN_PRINCIPALS and a restart), or correct INITIAL_ADMINS, then call again`;
    default:
      return fix satisfies never;
  }
}

function otherToken({ deployment: { openMetadataTokenSecret: secret }, vault }: Ports): string {
  const instead = secret === undefined ? "" : `; this asks for it:\n${storeTokenCommand({ vault, secret })}`;
  return `Make the app's managed identity an OpenMetadata administrator and unset OPENMETADATA_TOKEN_SECRET, or store the token of another administrator's bot there${instead}`;
}
