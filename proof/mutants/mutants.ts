import type { PromiseName } from "../promises.ts";

/** A fault planted on purpose: texts that stand exactly once in a file of the product, and what they become. */
export interface Mutant {
  name: string;
  /** Promises that it breaks; a check that notices it by another one is itself wrong. None of the product itself. */
  breaks: PromiseName[];
  edits: { file: string; find: string; put: string }[];
}

const PLAN = "shared/rotation/client-secret/plan.ts";
const REASONS = "shared/rotation/client-secret/reasons.ts";
const APPLY = "shared/rotation/client-secret/apply.ts";
const PROVE = "shared/rotation/client-secret/prove.ts";
const PUSH = "shared/rotation/client-secret/push.ts";
const CREDENTIALS = "shared/clients/graph/credentials.ts";
const OBSERVE = "shared/rotation/client-secret/observe.ts";
const ASKED = "shared/rotation/asked.ts";
const CHECK = "shared/rotation/client-secret/check.ts";
const BOT = "shared/delivery/push-to-bot.ts";
const REDEPLOY = "shared/delivery/redeploy.ts";

/** What others have got wrong, and what our own rules exist to prevent. */
export const MUTANTS: Mutant[] = [
  {
    name: "retire before delivery",
    breaks: ["no early retirement"],
    edits: [
      {
        file: PLAN,
        find: "if (!isAlive(current, issued, now) || !current.deliveredOn) return [];\n  const others",
        put: "if (!isAlive(current, issued, now)) return [];\n  const others",
      },
      {
        file: PLAN,
        find: "if (!listed || !current.confirmedOn || now < retireOn(current.deliveredOn, policy)) return [];",
        put: "if (!listed) return [];",
      },
    ],
  },
  {
    name: "confirmation left out",
    breaks: ["no early retirement"],
    edits: [{ file: PLAN, find: "!listed || !current.confirmedOn || now <", put: "!listed || now <" }],
  },
  {
    name: "confirmation by a run that was alive at the delivery",
    breaks: ["no early retirement"],
    edits: [{ file: PLAN, find: "const late = run.beganOn.getTime() >=", put: "const late = now.getTime() >=" }],
  },
  {
    name: "vault not read again after a push",
    breaks: ["overlap and order"],
    edits: [
      {
        file: PUSH,
        find: "const latest = await current.latest();\n    if (latest?.version",
        put: "const latest = secret;\n    if (latest?.version",
      },
    ],
  },
  {
    name: "promoted unproven",
    breaks: ["proof before use"],
    edits: [
      { file: PLAN, find: "if (staged && !staged.provenOn) {", put: "if (staged && !staged.provenOn && !replace) {" },
      { file: APPLY, find: 'if (kind !== "signed-in") {', put: 'if (kind === "expired-secret") {' },
    ],
  },
  {
    name: "proof counts sign-ins that are not in a row",
    breaks: ["proof before use"],
    edits: [{ file: PROVE, find: "inARow = 0;\n    refusals", put: "refusals" }],
  },
  {
    name: "proof in one moment",
    breaks: ["proof before use"],
    edits: [{ file: PROVE, find: "pauses: every(PROOF_SPACING)", put: "pauses: every(0)" }],
  },
  {
    name: "grace ignored",
    breaks: ["recoverable or inert", "no early retirement", "overlap and order"],
    edits: [
      { file: PLAN, find: "now.getTime() > one.issuedOn.getTime() + GRACE", put: "now > one.issuedOn" },
      { file: REASONS, find: "now.getTime() > issuedOn(stored).getTime() + GRACE", put: "now > issuedOn(stored)" },
    ],
  },
  {
    name: "overlap counted from storing",
    breaks: ["no early retirement"],
    edits: [
      {
        file: PLAN,
        find: "now < retireOn(current.deliveredOn, policy)",
        put: "now < retireOn(current.createdOn, policy)",
      },
    ],
  },
  {
    name: "foreign credential retired",
    breaks: ["foreign safety"],
    edits: [
      {
        file: CREDENTIALS,
        find: "signedOf(one) ?? []",
        put: "signedOf(readName(one.displayName) ? one : { ...one, displayName: signedName(mark, one.keyId) }) ?? []",
      },
    ],
  },
  {
    name: "another installation's credential retired",
    breaks: ["foreign safety"],
    edits: [
      {
        file: CREDENTIALS,
        find: "managed: made.filter((one) => one.mark === mark)",
        put: "managed: made.filter((one) => one.mark !== undefined)",
      },
    ],
  },
  {
    name: "whatever an earlier release made is ours",
    breaks: ["foreign safety"],
    edits: [
      {
        file: OBSERVE,
        find: "const own = holder.unsigned.filter(isKnown)",
        put: "const own = holder.unsigned.filter(() => true)",
      },
    ],
  },
  {
    name: "retired without a look at what is current",
    breaks: ["no early retirement"],
    edits: [
      {
        file: PLAN,
        find: "if (left.length === 0 || !current || isChecked(current, run)) return left;",
        put: "if (left.length >= 0 || !current) return left;",
      },
    ],
  },
  {
    name: "a look counts for whatever the tags name afterwards",
    breaks: ["no early retirement"],
    edits: [
      { file: PLAN, find: "known?.version === version && known.keyId === keyId", put: "known?.version === version" },
    ],
  },
  {
    name: "the value of what is current is not compared with what Entra shows",
    breaks: ["no early retirement"],
    edits: [{ file: CHECK, find: "if (isAnother(value, keyId, issued))", put: "if (value === keyId)" }],
  },
  {
    name: "a repeated call begins anew",
    breaks: ["no needless work", "overlap and order"],
    edits: [
      {
        file: ASKED,
        find: "return earlier?.asked ? { ...ask, issuedBefore: earlier.asked.before } : ask;",
        put: "return earlier?.asked ? { ...ask } : ask;",
      },
    ],
  },
  {
    name: "blind retry of addPassword",
    breaks: ["recoverable or inert"],
    edits: [{ file: CREDENTIALS, find: "once: true,", put: "once: false," }],
  },
  {
    name: "staged value lost",
    breaks: ["proof before use", "convergence"],
    edits: [
      {
        file: APPLY,
        find: "await ports.staged.store(value, { keyId, nonce, issuedOn, expiresOn, asked });",
        put: "await ports.staged.store(keyId, { keyId, nonce, issuedOn, expiresOn, asked });",
      },
    ],
  },
  {
    name: "event order trusted: what the first read showed is pushed, whatever came since",
    breaks: ["overlap and order", "no needless work"],
    edits: [
      { file: PUSH, find: "if (latest.deliveredOn) return", put: "if (!latest) return" },
      { file: PUSH, find: "    secret = latest;\n", put: '    return { state: "done", detail: "pushed" };\n' },
    ],
  },
  {
    name: "delivered without verification",
    breaks: ["verified delivery"],
    edits: [
      {
        file: BOT,
        find: "  await readBack(ports, { subject, version, wanted: wanted.sso, userId: user.id });\n",
        put: "",
      },
      {
        file: BOT,
        find: "    const after = await untouched(ports, { wanted: sso, user });\n",
        put: "    const after = user;\n",
      },
      { file: REDEPLOY, find: "if (failed.length === 0) return", put: "if (failed.length >= 0) return" },
    ],
  },
  {
    name: "lock-step assumed: whatever is neither current nor listed first is an orphan",
    breaks: ["no early retirement"],
    edits: [{ file: PLAN, find: ".filter((one) => !isStaged(one) && now", put: ".filter((one) => now" }],
  },
  {
    name: "clock skew ignored: age by Entra's clock",
    breaks: ["convergence", "honest answers"],
    edits: [
      {
        file: CREDENTIALS,
        find: "issuedOn: announcedOn(name.nonce) ?? startDateTime",
        put: "issuedOn: startDateTime",
      },
    ],
  },
  {
    name: "orphan never retired",
    breaks: ["convergence"],
    edits: [
      {
        file: PLAN,
        find: ".filter((one) => !isStaged(one) && now",
        put: ".filter((one) => one.issuedOn < issuedOn(current) && one === others[0] && !isStaged(one) && now.getTime() > one.expiresOn.getTime() && now",
      },
    ],
  },
  {
    name: "timer leaves every push to the event",
    breaks: ["availability", "convergence"],
    edits: [
      {
        file: PLAN,
        find: "run.leavesPushToEvent && now.getTime() < current.createdOn.getTime() + EVENT_HEAD_START",
        put: "run.leavesPushToEvent",
      },
    ],
  },
  {
    name: "an unprovable staged secret is kept for ever",
    breaks: ["availability", "convergence"],
    edits: [
      {
        file: REASONS,
        find: "now.getTime() > staged.createdOn.getTime() + PROOF_PATIENCE",
        put: "staged.expiresOn === undefined",
      },
    ],
  },
  {
    name: "the limit of five keeps what is current from its consumer",
    breaks: ["convergence"],
    edits: [
      {
        file: PLAN,
        find: "...delivery(observed, moment),",
        put: "...(blocked(observed, policy, moment) ? [] : delivery(observed, moment)),",
      },
    ],
  },
  {
    name: "a dead current secret is noticed by its expiry only",
    breaks: ["proof before use", "convergence"],
    edits: [{ file: REASONS, find: '  if (isDead(current, issued, now)) return "no longer in Entra";\n', put: "" }],
  },
  {
    name: "what was just displaced is retired at once",
    breaks: ["no early retirement"],
    edits: [
      {
        file: PLAN,
        find: "if (staged && now.getTime() < staged.createdOn.getTime() + LONGEST_RUN) return [];",
        put: "",
      },
    ],
  },
  {
    name: "a promotion leaves no note",
    breaks: ["overlap and order"],
    edits: [{ file: APPLY, find: "  await ports.staged.note(staged, { promotedOn: ports.now() });\n", put: "" }],
  },
  {
    name: "vault not read again before a promotion",
    breaks: ["overlap and order"],
    edits: [
      {
        file: APPLY,
        find: "if (latest?.version !== sight.current?.version) {",
        put: "if (!latest && sight.current) {",
      },
    ],
  },
  {
    name: "pipelines pin what another push has put there meanwhile",
    breaks: ["verified delivery"],
    edits: [
      {
        file: BOT,
        find: "    const after = await untouched(ports, { wanted: sso, user });\n",
        put: "    const after = user;\n",
      },
    ],
  },
  {
    name: "no limit of managed credentials",
    breaks: ["recoverable or inert"],
    edits: [{ file: PLAN, find: "? MOST_IN_EMERGENCY : MOST_MANAGED", put: "? MOST_IN_EMERGENCY : 30" }],
  },
];
