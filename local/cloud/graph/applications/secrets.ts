import type { z } from "zod";
import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { newSecret, type Secret } from "../../directory/secret.ts";
import type { Caller } from "../caller.ts";
import { refuse } from "../refusal.ts";
import type { passwordCredential } from "./application-schema.ts";
import { checkPasswordPolicy } from "./password-policy.ts";

/** What a new secret goes into, what that holds already, and who asks. */
export interface Holder {
  application: Pick<Application, "id" | "createdDateTime">;
  secrets: Secret[];
  caller: Caller;
}

const HOUR = 60 * 60 * 1000;

/** Makes a secret up; throws what policies, limits and the clock say against it. */
export function madeUp(
  directory: Directory,
  given: z.infer<typeof passwordCredential> | null | undefined,
  { application, secrets, caller }: Holder,
): Secret {
  const { state, rules, policies } = directory;
  const { displayName = null, startDateTime, endDateTime } = given ?? {};
  const wish = {
    displayName,
    startOn: startDateTime ? new Date(startDateTime) : undefined,
    endOn: endDateTime ? new Date(endDateTime) : undefined,
  };
  const secret = newSecret(wish, state.clock.now());
  checkTimes(new Date(secret.startDateTime), new Date(secret.endDateTime), state.clock.now());
  checkPasswordPolicy(secret, { application, actor: state.servicePrincipals.get(caller.objectId) }, policies);
  if (secrets.length >= rules.secretsPerObject) {
    // microsoftgraph/microsoft-graph-docs #21469; in the older API it was a 403.
    const message =
      "The size of the object has exceeded its limit. Please reduce the number of values and retry your request.";
    throw refuse(400, "Directory_ResourceSizeExceeded", message);
  }
  return secret;
}

/** Starts in the past are refused, though clients that allow for skewed clocks get through; an hour is a guess. */
function checkTimes(start: Date, end: Date, now: Date): void {
  if (start.getTime() < now.getTime() - HOUR) {
    throw refuse(400, "KeyCredentialsInvalidStartDate", "Key credential start date is invalid.");
  }
  if (end <= start || end <= now) {
    throw refuse(400, "KeyCredentialsInvalidEndDate", "Key credential end date is invalid.");
  }
}
