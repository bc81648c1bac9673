import { z } from "zod";
import { type Finding, notice, ok, red, unseen } from "./finding.ts";

const unread = { error: z.string().optional(), hint: z.string().optional() };
const credential = z.object({
  credential: z.string(),
  ...unread,
  unused: z.string().optional(),
  secret: z.string().optional(),
  current: z.object({ stage: z.string(), expiresOn: z.string().nullish() }).nullish(),
  dueNow: z.object({ kind: z.string(), because: z.string() }).nullish(),
  blocked: z.string().nullish(),
});
const deployment = z.object({
  deployment: z.string(),
  identity: z.object({
    ...unread,
    objectId: z.string().optional(),
    graphPermissions: z
      .object({
        held: z.array(z.string()),
        missing: z.array(z.object({ permission: z.string(), neededFor: z.string() })),
      })
      .optional(),
  }),
  registrations: z.record(z.string(), z.object({ ...unread, found: z.boolean().optional() })),
  openMetadata: z.object({
    ...unread,
    version: z.string().optional(),
    obstacles: z.array(z.string()).optional(),
    access: z.object({ ...unread, user: z.string().optional(), isAdmin: z.boolean().optional() }),
  }),
  drift: z.object({
    findings: z.array(z.object({ kind: z.string(), severity: z.string(), what: z.string(), do: z.string() })),
    unread: z.array(z.object({ what: z.string(), error: z.string(), hint: z.string().optional() })),
  }),
  credentials: z.array(credential),
});
const engine = z.object({
  ...unread,
  timer: z.object({ ranOn: z.string().optional(), silent: z.boolean(), hint: z.string().optional() }).optional(),
  queue: z.object({ poisoned: z.number(), hint: z.string().optional() }).optional(),
});
const statusSchema = z.object({ on: z.string(), engine, deployments: z.array(deployment) });

export type Status = z.output<typeof statusSchema>;
type Deployment = Status["deployments"][number];

/** The answer of GET /api/status, as far as it is needed; undefined for anything else. */
export function readStatus(json: unknown): Status | undefined {
  return statusSchema.safeParse(json).data;
}

/** What the app says of itself, line by line. Pure. */
export function judgeStatus(status: Status): Finding[] {
  const now = Date.parse(status.on);
  const several = status.deployments.length > 1;
  const each = status.deployments.flatMap((one) => {
    const findings = [
      ...judgeIdentity(one),
      ...judgeRegistrations(one),
      ...judgeOpenMetadata(one),
      ...one.credentials.map((each) => judgeCredential(each, now)),
      ...judgeDrift(one),
    ];
    return several ? findings.map((finding) => ({ ...finding, what: `${one.deployment}: ${finding.what}` })) : findings;
  });
  return [...judgeEngine(status.engine), ...each];
}

/** For those who may look neither at the queues nor at Application Insights. */
function judgeEngine({ error, hint, timer, queue }: z.output<typeof engine>): Finding[] {
  if (error !== undefined) return [red("engine", error, hint)];
  const findings: Finding[] = [];
  if (timer?.silent) findings.push(red("engine", "the app says that its timer has not run when it should", timer.hint));
  else if (timer)
    findings.push(ok("engine", `the app's timer ${timer.ranOn ? `ran at ${timer.ranOn}` : "is not due yet"}`));
  if (queue && queue.poisoned > 0)
    findings.push(red("engine", `${queue.poisoned} messages of the app's work have failed for good`, queue.hint));
  return findings;
}

/** Only the first is needed by everything; the others spare a person a click, or a surprise. */
function judgeIdentity({ identity }: Deployment): Finding[] {
  const check = "permissions";
  if (identity.error !== undefined) return [red(check, identity.error, identity.hint)];
  const grant = `npm run permit -- --identity ${identity.objectId}`;
  const flags: Record<string, string> = { "Application.ReadWrite.OwnedBy": "", "Policy.Read.All": " --policies" };
  const { held = [], missing = [] } = identity.graphPermissions ?? {};
  const lacking = missing.map(({ permission, neededFor }) => {
    const what = `the identity lacks ${permission}, needed for ${neededFor}`;
    const todo = `${grant}${flags[permission] ?? " --consent"}`;
    return permission in flags && flags[permission] === ""
      ? red(check, what, `${todo}, then restart the app`)
      : notice(check, what, todo);
  });
  return [...held.map((permission) => ok(check, `the identity holds ${permission}`)), ...lacking];
}

function judgeRegistrations({ registrations }: Deployment): Finding[] {
  return Object.entries(registrations).map(([name, { found, error, hint }]) => {
    if (error !== undefined) return red("registrations", error, hint);
    return found
      ? ok("registrations", `the ${name} registration exists`)
      : red("registrations", `the ${name} registration does not exist`, hint);
  });
}

function judgeOpenMetadata({ openMetadata }: Deployment): Finding[] {
  const check = "OpenMetadata";
  const { error, hint, version, obstacles = [], access } = openMetadata;
  if (error !== undefined)
    return [
      red(
        check,
        error,
        hint ?? "Check that OpenMetadata is running, and that the app can reach it at OPENMETADATA_URL",
      ),
    ];
  const inside =
    access.error !== undefined
      ? red(check, access.error, access.hint)
      : access.isAdmin
        ? ok(check, "it accepts the app as an administrator")
        : red(
            check,
            `it knows the app as user ${access.user}, who is not an administrator`,
            "Add the identity's object id to AUTHORIZER_ADMIN_PRINCIPALS and restart the server",
          );
  return [
    ok(check, `release ${version} answers`),
    inside,
    ...obstacles.map((one) =>
      red(check, one, "Change that setting of OpenMetadata; GET /api/configuration shows the right values"),
    ),
  ];
}

const DAY = 24 * 60 * 60 * 1000;

function judgeCredential(one: z.output<typeof credential>, now: number): Finding {
  const check = "credentials";
  const { credential: name, error, hint, unused, current, dueNow, blocked } = one;
  if (error !== undefined) return red(check, `${name}: ${error}`, hint);
  if (unused !== undefined) return ok(check, `${name}: not used (${unused})`);
  if (blocked) return red(check, `${name}: ${blocked}`, "See docs/problems.md");
  if (!current) return red(check, `${name}: none yet`, "POST /api/rotate");
  const ends = current.expiresOn ? Date.parse(current.expiresOn) : Number.POSITIVE_INFINITY;
  const until = current.expiresOn ? `until ${current.expiresOn}` : "without an expiry";
  if (ends - now < 3 * DAY)
    return red(check, `${name}: ${current.stage}, ${until}, and its successor is not in use yet`, "POST /api/rotate");
  if (dueNow)
    return notice(
      check,
      `${name}: ${current.stage}, ${until}; due now: ${dueNow.kind} (${dueNow.because})`,
      "Run the doctor again in two hours; if this stays, check the timer",
    );
  return ok(check, `${name}: ${current.stage}, ${until}`);
}

function judgeDrift({ drift }: Deployment): Finding[] {
  return [
    ...drift.findings.map(({ kind, severity, what, do: todo }) =>
      severity === "notice" ? notice("drift", `${kind}: ${what}`, todo) : red("drift", `${kind}: ${what}`, todo),
    ),
    ...drift.unread.map(({ what, error, hint }) => unseen("drift", `${what}: ${error}`, hint)),
  ];
}
