import * as z from "zod";
import { CREDENTIALS } from "../deployment/credentials.ts";
import { converged, deploymentName, step, waiting, waitingCode } from "../problems/schemas.ts";

/* The answer of POST /api/rotate, as JSON. Nothing of it is needed to answer, so the app never loads it for that. */

const credential = z.enum(CREDENTIALS).describe("Which credential of the deployment");
const kind = z
  .enum(["issue", "prove", "promote", "push", "confirm", "check", "retire"])
  .describe(
    "`issue` a new one, `prove` that it signs in, `promote` it to be the current one, `push` it to its consumer, `confirm` the delivery, `check` that it still signs in, `retire` what it replaced",
  );
const delivery = z
  .enum(["verified", "assumed"])
  .describe(
    "`verified`: read back, or signed in with as the consumer would. `assumed`: whoever reads the vault by itself has had SECRET_READ_WITHIN_HOURS to do so",
  );
const time = (what: string) => z.iso.datetime().describe(what);

const issuedBefore = time("Send it with a repeat, to continue this rotation instead of beginning another");

const rotated = z
  .strictObject({
    credential,
    secret: z.string().describe("Name of the vault secret"),
    keyId: z
      .string()
      .optional()
      .describe("Id of the current one: Entra's key id, or what tells one token from another"),
    version: z.string().optional().describe("Version of the vault secret"),
    expiresOn: time("When it ends").optional(),
    provenOn: time("When it had signed in several times in a row").optional(),
    deliveredOn: time("When its consumer had it, or was taken to have it (`delivery`)").optional(),
    confirmedOn: time("When the delivery was repeated by a run that nothing could overtake").optional(),
    delivery: delivery.optional(),
  })
  .describe("A credential by its ids and dates, never by its value");

const unused = z
  .strictObject({ credential, unused: z.string().describe("Why the deployment does without it") })
  .describe("A credential that the deployment does without");

export const rotateAnswer = z
  .strictObject({
    deployment: deploymentName,
    converged,
    steps: z.array(
      z.strictObject({
        credential,
        kind,
        ...step,
        code: waitingCode.optional(),
        delivery: delivery.optional(),
        affects: z.string().optional().describe("What to know before it is taken"),
      }),
    ),
    waitingFor: waiting.waitingFor,
    issuedBefore: issuedBefore.optional(),
    result: z.strictObject({ credentials: z.array(z.union([rotated, unused])) }),
    later: z
      .array(
        z.strictObject({
          credential,
          kind,
          on: time("When"),
          target: z.string().describe("The id of a credential, or the name of a vault secret"),
        }),
      )
      .describe("What comes by itself, the soonest first"),
    goesOn: z.string().optional().describe("Who goes on with it, and what a repeated call is for"),
  })
  .describe("What was rotated, and what comes later");

export type RotateAnswer = z.output<typeof rotateAnswer>;
