import { Hono } from "hono";
import { z } from "zod";
import type { Directory } from "../../directory/create-directory.ts";
import { newSecret, type SecretWish } from "../../directory/secret.ts";
import { answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import type { Operation } from "../permissions.ts";
import { badRequest, refuse } from "../refusal.ts";
import { readBody } from "../request-body.ts";
import { passwordAnswer } from "./application-answer.ts";
import { applicationToChange } from "./application-routes.ts";
import { checkPasswordPolicy } from "./password-policy.ts";

const time = z.iso.datetime({ offset: true }).nullish();
const addition = z.strictObject({
  passwordCredential: z
    .strictObject({ displayName: z.string().nullish(), startDateTime: time, endDateTime: time })
    .nullish(),
});
const removal = z.strictObject({ keyId: z.guid() });

const HOUR = 60 * 60 * 1000;
/** Whether `(uniqueName='…')` works too is unverified, and therefore refused. */
const WRITE: { operation: Operation; alternateKeys: string[] } = {
  operation: "write passwords",
  alternateKeys: ["appId"],
};

/** `addPassword` and `removePassword` (Microsoft Learn: "application: addPassword", "application: removePassword"). */
export function passwordRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const { applications, clock } = directory.state;

  routes.post("/:key/addPassword", async (c) => {
    const body = await readBody(c, { resource: "PasswordCredential", schema: addition });
    const application = applicationToChange(c, directory, WRITE);
    const wish = readWish(body.passwordCredential);
    const secret = newSecret(wish, clock.now());
    checkTimes(new Date(secret.startDateTime), new Date(secret.endDateTime), clock.now());
    checkPasswordPolicy(application, secret, directory.policies);
    applications.put(application.id, { ...application, secrets: [...application.secrets, secret] });
    const answer = { ...passwordAnswer(secret), secretText: secret.value };
    return answerOne(c, answer, { set: "microsoft.graph.passwordCredential" });
  });

  routes.post("/:key/removePassword", async (c) => {
    const { keyId } = await readBody(c, { resource: "PasswordCredential", schema: removal });
    const application = applicationToChange(c, directory, WRITE);
    const secrets = application.secrets.filter((secret) => secret.keyId !== keyId);
    if (secrets.length === application.secrets.length) {
      throw badRequest(`No password credential found with keyId '${keyId}'.`);
    }
    applications.put(application.id, { ...application, secrets });
    return c.body(null, 204);
  });
  return routes;
}

function readWish(given: z.infer<typeof addition>["passwordCredential"]): SecretWish {
  const { displayName = null, startDateTime, endDateTime } = given ?? {};
  return {
    displayName,
    startOn: startDateTime ? new Date(startDateTime) : undefined,
    endOn: endDateTime ? new Date(endDateTime) : undefined,
  };
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
