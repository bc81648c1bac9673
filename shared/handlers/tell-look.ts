import type { CredentialKind } from "../deployment/credentials.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { codeOf, ProblemError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Seen } from "../notify/plan.ts";
import type { Told } from "../notify/told.ts";
import type { Trouble } from "../notify/trouble.ts";
import { messageOf } from "../retry.ts";
import type { Outcome } from "../rotation/outcome.ts";
import { appConditions } from "../status/app-conditions.ts";
import type { CredentialFacts } from "../status/credential.ts";
import { credentialConditions } from "../status/credential-conditions.ts";
import { lateAfter } from "../status/due.ts";
import { describeEngine } from "../status/engine.ts";
import { orUnread, severityOf, type Unread } from "../status/unread.ts";
import { wholeOf } from "../status/whole.ts";
import { clock } from "../world/clock.ts";
import { queues } from "../world/engine.ts";
import { settings } from "../world/settings.ts";
import { openWorld } from "../world/world.ts";

/** What came of the run that has just ended. */
export interface Came {
  outcome?: Outcome | undefined;
  failure?: unknown;
}

/** Looks at a credential as status does, and at what came of its run. */
export function lookAtCredential(
  deployment: Deployment,
  credential: CredentialKind,
  { came, log }: { came: Came; log: Log },
): { name: string; look(before: Told | undefined): Promise<Seen> } {
  const { describe, name } = openWorld(deployment, log, { onlyLooks: true }).credential(credential);
  return {
    name,
    async look(before) {
      const { rotation: policy, rotationSchedule } = settings();
      const now = clock.now();
      const facts = await orUnread(() => describe({ policy, now }));
      // What was delivered once was set up.
      const judging = { now, lateAfter: lateAfter(rotationSchedule), isSetUp: before?.keyId !== undefined };
      const conditions = credentialConditions(
        "error" in facts ? { ...facts, credential, secret: name } : facts,
        judging,
      );
      return {
        now,
        conditions,
        failure: came.failure === undefined ? undefined : troubleOf(came.failure),
        current: "error" in facts || "unused" in facts ? undefined : facts.current,
        answered: answeredOn(facts, came.outcome),
      };
    },
  };
}

/** Looks at a deployment as a whole; undefined where it is not set up yet, of which there is nothing to tell. */
export async function lookAtDeployment(deployment: Deployment, log: Log): Promise<Seen | undefined> {
  const conditions = await wholeOf(openWorld(deployment, log, { onlyLooks: true }), deployment);
  return conditions && { now: clock.now(), conditions };
}

/** Looks at the timer, the queues and the list of deployments. */
export async function lookAtApp(faults: readonly string[]): Promise<Seen> {
  const now = clock.now();
  return { now, conditions: appConditions(await orUnread(() => describeEngine(queues(), now)), faults) };
}

function troubleOf(failure: unknown): Trouble {
  const code = codeOf(failure);
  const hint = failure instanceof ProblemError ? failure.hint : undefined;
  return { verdict: severityOf(code), reason: code, message: messageOf(failure), hint };
}

/** The moment before which nothing was to be left that signs in, once that is so. */
function answeredOn(facts: CredentialFacts | Unread, outcome: Came["outcome"]): Date | undefined {
  const asked = outcome?.current?.asked;
  if (!asked || "error" in facts || "unused" in facts || !facts.current?.deliveredOn) return undefined;
  const older =
    "inEntra" in facts
      ? facts.inEntra.managed.filter(({ keyId, issuedOn }) => keyId !== facts.current?.keyId && issuedOn < asked.before)
      : [];
  return older.length === 0 ? asked.before : undefined;
}
