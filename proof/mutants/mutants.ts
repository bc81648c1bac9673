import type { PromiseName } from "../promises.ts";
import type { Place } from "./places.ts";

/** Texts that stand exactly once in a file of the product, and what they become. */
export interface Edits {
  name: string;
  edits: { file: string; find: string; put: string }[];
}

/** A fault planted on purpose. */
export interface Mutant extends Edits {
  /** Promises that it breaks; a check that notices it by another one is itself wrong. */
  breaks: PromiseName[];
  /** Where one of them is known to be seen broken: looked at first, and in the product itself as well. */
  noticedIn: Place;
}

const PLAN = "shared/rotation/client-secret/plan.ts";
const GROUNDED = "shared/rotation/client-secret/grounded.ts";
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
const LEAVE_DELIVERY = "shared/rotation/leave-delivery.ts";
const WORK_OFF = "shared/engine/work-off.ts";
const SWEEP = "shared/engine/sweep.ts";
const TIMER_WATCH = "shared/engine/timer-watch.ts";

/** That the end which Entra tells counts, too, would give away whoever points the tags at an older credential. */
const BELIEVED_END = {
  file: GROUNDED,
  find: "listed && expiresOn ? earlier(expiresOn, listed.expiresOn) : expiresOn",
  put: "expiresOn",
};

/** Whoever retires has handed on what is current: alone that makes good for what is left out before. */
const HANDED_ON = {
  file: PLAN,
  find: "if (run.handedOn === version || younger.length === left.length) return left;",
  put: "if (younger) return left;",
};

/** What others have got wrong, and what our own rules exist to prevent. */
export const MUTANTS: Mutant[] = [
  {
    name: "retire before delivery",
    breaks: ["no early retirement"],
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
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
    noticedIn: { kind: "model", of: "late-push", states: 5_000 },
    edits: [{ file: PLAN, find: "!listed || !current.confirmedOn || now <", put: "!listed || now <" }, HANDED_ON],
  },
  {
    name: "confirmation by a run that was alive at the delivery",
    breaks: ["no early retirement"],
    noticedIn: { kind: "model", of: "outstanding-crowded", states: 5_000 },
    edits: [
      { file: PLAN, find: "const late = run.beganOn.getTime() >=", put: "const late = now.getTime() >=" },
      HANDED_ON,
    ],
  },
  {
    name: "vault not read again after a push",
    breaks: ["overlap and order"],
    noticedIn: {
      kind: "crash points",
      of: "staged ahead, promoted when due, the old one retired",
      crash: "overtaken by an ask",
    },
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
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
    edits: [
      { file: PLAN, find: "if (staged && !staged.provenOn) {", put: "if (staged && !staged.provenOn && !replace) {" },
      { file: APPLY, find: 'if (kind !== "signed-in") {', put: 'if (kind === "expired-secret") {' },
    ],
  },
  {
    name: "proof counts sign-ins that are not in a row",
    breaks: ["proof before use"],
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
    edits: [{ file: PROVE, find: "inARow = 0;\n    refusals", put: "refusals" }],
  },
  {
    name: "proof in one moment",
    breaks: ["proof before use"],
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
    edits: [{ file: PROVE, find: "pauses: every(PROOF_SPACING)", put: "pauses: every(0)" }],
  },
  {
    name: "a credential that nobody holds goes without a grace",
    breaks: ["no early retirement"],
    noticedIn: { kind: "year", like: "neighbours", seed: 2 },
    edits: [{ file: PLAN, find: "now.getTime() > one.issuedOn.getTime() + GRACE", put: "now > one.issuedOn" }],
  },
  {
    // A secret that the lagging list does not show yet is taken for dead, so another is issued for the same reason:
    // needless work. Planted together with the fault above, it would hide that one.
    name: "what Entra's list lacks is dead without a grace",
    breaks: ["no needless work", "overlap and order"],
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
    edits: [
      { file: REASONS, find: "now.getTime() > issuedOn(stored).getTime() + GRACE", put: "now > issuedOn(stored)" },
    ],
  },
  {
    name: "overlap counted from storing",
    breaks: ["no early retirement"],
    noticedIn: { kind: "year", like: "drawn", seed: 3 },
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
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
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
    noticedIn: { kind: "year", like: "drawn", seed: 7 },
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
    noticedIn: { kind: "year", like: "drawn", seed: 5 },
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
    noticedIn: { kind: "model", of: "person-tags", states: 2_000 },
    edits: [
      {
        file: PLAN,
        find: "if (!isChecked(current, run)) return check(current, because);",
        put: "if (left.length >= 0 || !current) return left;",
      },
      BELIEVED_END,
    ],
  },
  {
    name: "a look counts for whatever the tags name afterwards",
    breaks: ["no early retirement"],
    noticedIn: { kind: "model", of: "person-tags", states: 20_000 },
    edits: [
      { file: PLAN, find: "known?.version === version && known.keyId === keyId", put: "known?.version === version" },
      BELIEVED_END,
    ],
  },
  {
    name: "the value of what is current is not compared with what Entra shows",
    breaks: ["no early retirement"],
    noticedIn: { kind: "model", of: "person-tags", states: 20_000 },
    edits: [{ file: CHECK, find: "if (isAnother(value, keyId, issued))", put: "if (value === keyId)" }, BELIEVED_END],
  },
  {
    name: "a repeated call begins anew",
    breaks: ["no needless work", "overlap and order"],
    noticedIn: { kind: "year", like: "leaks", seed: 1 },
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
    noticedIn: { kind: "year", like: "drawn", seed: 2 },
    edits: [{ file: CREDENTIALS, find: "once: true,", put: "once: false," }],
  },
  {
    name: "staged value lost",
    breaks: ["proof before use", "convergence"],
    noticedIn: { kind: "model", of: "first", states: 2_000 },
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
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
    edits: [
      { file: PUSH, find: "if (latest.deliveredOn) return", put: "if (!latest) return" },
      { file: PUSH, find: "    secret = latest;\n", put: '    return { state: "done", detail: "pushed" };\n' },
    ],
  },
  {
    name: "delivered without verification",
    breaks: ["verified delivery"],
    noticedIn: { kind: "year", like: "no queue", seed: 1 },
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
      { file: REDEPLOY, find: "if (count === 0) return", put: "if (count >= 0) return" },
    ],
  },
  {
    name: "lock-step assumed: whatever is neither current nor listed first is an orphan",
    breaks: ["no early retirement"],
    noticedIn: { kind: "year", like: "no timer", seed: 1 },
    edits: [{ file: PLAN, find: ".filter((one) => !isStaged(one) && now", put: ".filter((one) => now" }],
  },
  {
    name: "clock skew ignored: age by Entra's clock",
    breaks: ["convergence", "honest answers"],
    noticedIn: { kind: "year", like: "leaks", seed: 2 },
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
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
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
    noticedIn: { kind: "year", like: "drawn", seed: 3 },
    edits: [
      {
        file: REASONS,
        find: "return run.leavesPushToEvent && now < on && !goesOn",
        put: "return run.leavesPushToEvent && !goesOn",
      },
    ],
  },
  {
    name: "an unprovable staged secret is kept for ever",
    breaks: ["availability", "convergence"],
    noticedIn: { kind: "year", like: "neighbours", seed: 9 },
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
    noticedIn: { kind: "model", of: "outstanding-crowded", states: 2_000 },
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
    noticedIn: { kind: "model", of: "person", states: 2_000 },
    edits: [{ file: REASONS, find: '  if (isDead(current, issued, now)) return "no longer in Entra";\n', put: "" }],
  },
  {
    name: "what was just displaced is retired at once",
    breaks: ["no early retirement"],
    noticedIn: {
      kind: "crash points",
      of: "staged ahead, promoted when due, the old one retired, with new secrets that work only after a while",
      crash: "overtaken by an ask",
    },
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
    noticedIn: { kind: "model", of: "asked", states: 2_000 },
    edits: [{ file: APPLY, find: "await ports.staged.note(staged, { promotedOn: ports.now() })", put: "staged" }],
  },
  {
    name: "vault not read again before a promotion",
    breaks: ["overlap and order"],
    noticedIn: {
      kind: "crash points",
      of: "staged ahead, promoted when due, the old one retired",
      crash: "overtaken by an ask",
    },
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
    noticedIn: {
      kind: "crash points",
      of: "staged ahead, promoted when due, the old one retired",
      crash: "an older push lands",
    },
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
    noticedIn: { kind: "model", of: "outstanding-crowded", states: 2_000 },
    edits: [{ file: PLAN, find: "? MOST_IN_EMERGENCY : MOST_MANAGED", put: "? MOST_IN_EMERGENCY : 30" }],
  },
  {
    name: "a message is trusted instead of the world: what it asks for is done, whatever was done since",
    breaks: ["no needless work", "overlap and order", "recoverable or inert", "bounded writes"],
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
    edits: [
      {
        file: WORK_OFF,
        find: "issuedBefore: new Date(issuedBefore), revokeOld, byMessage: true",
        put: "issuedBefore: new Date(), revokeOld",
      },
    ],
  },
  {
    name: "what follows an ask carries one of its own: older and younger are revoked with it",
    breaks: ["no early retirement", "no needless work", "overlap and order"],
    noticedIn: { kind: "year", like: "neighbours", seed: 1 },
    edits: [
      {
        file: WORK_OFF,
        find: "issuedBefore: new Date(issuedBefore), revokeOld, byMessage: true };",
        put: "issuedBefore: new Date(Date.parse(issuedBefore) + 60_000), revokeOld: true };",
      },
    ],
  },
  {
    name: "a sweep sends no unit to the last of them",
    breaks: ["convergence", "availability", "independence"],
    noticedIn: { kind: "year", like: "no timer", seed: 1 },
    edits: [{ file: SWEEP, find: "start < turned.length; start", put: "start < turned.length - 1; start" }],
  },
  {
    name: "the timer's silence is not noticed",
    breaks: ["convergence", "availability"],
    noticedIn: { kind: "year", like: "no timer", seed: 1 },
    edits: [
      {
        file: TIMER_WATCH,
        find: "if (state.sweptOn && now.getTime() < state.sweptOn.getTime() + lately) return undefined;",
        put: "if (lately > 0) return undefined;",
      },
    ],
  },
  {
    name: "the timer's watch ends with the first sweep in its place",
    breaks: ["convergence", "availability"],
    noticedIn: { kind: "year", like: "no timer", seed: 1 },
    edits: [
      {
        file: TIMER_WATCH,
        find: "await setWatch(queue, state, { on: new Date(now.getTime() + INSTEAD_EVERY), now, random });",
        put: "",
      },
    ],
  },
  {
    name: "copies of the watch come at once, and each goes on",
    breaks: ["bounded writes"],
    noticedIn: { kind: "year", like: "no timer", seed: 2 },
    edits: [{ file: TIMER_WATCH, find: "MINUTE + random() * WATCH_SPREAD", put: "MINUTE" }],
  },
  {
    name: "each message leaves two",
    breaks: ["bounded writes"],
    noticedIn: { kind: "year", like: "slow Entra", seed: 1 },
    edits: [
      {
        file: WORK_OFF,
        find: "await tools.queue.send(message, delayUntil(next.on, rotation.now(), tools.random));",
        put: "for (const _ of [1, 2]) await tools.queue.send(message, delayUntil(next.on, rotation.now(), tools.random));",
      },
    ],
  },
  {
    name: "a delivery that another run has left meanwhile goes on as well",
    breaks: ["convergence"],
    noticedIn: { kind: "year", like: "many pipelines", seed: 1 },
    edits: [
      {
        file: LEAVE_DELIVERY,
        find: "if (left.pushOn && isOvertaken(seen, latest, now)) {",
        put: "if (!left.pushOn && isOvertaken(seen, latest, now)) {",
      },
    ],
  },
  {
    name: "pipelines are taken for deployed that a message says were tried",
    breaks: ["verified delivery"],
    noticedIn: { kind: "year", like: "drawn", seed: 3 },
    edits: [
      { file: REDEPLOY, find: "before && before.as === was ? { ...before, as }", put: "before ? { ...before, as }" },
      { file: REDEPLOY, find: "if (count === 0) return", put: "if (count >= 0) return" },
    ],
  },
  {
    name: "one credential that fails ends the run of all others",
    breaks: ["independence", "convergence", "availability"],
    noticedIn: { kind: "year", like: "no queue", seed: 5 },
    edits: [
      {
        file: "shared/rotation/rotate-all.ts",
        find: "      failed.push({ rotation, error, ...told });\n",
        put: "      failed.push({ rotation, error, ...told });\n      if (rotations.length > 1) break;\n",
      },
    ],
  },
];
