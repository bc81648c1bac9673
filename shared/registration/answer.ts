import * as z from "zod";
import { converged, deploymentName, step, waiting } from "../problems/schemas.ts";

/*
 * The answers of POST /api/provision and POST /api/consent, as JSON. Nothing of it is needed to answer, so the app never
 * loads it for that.
 */

const byHand = z
  .array(z.string())
  .optional()
  .describe("What a registration that was made by hand has otherwise than one of ours would; it stays");

const registration = {
  clientId: z.string().optional().describe("The application (client) id"),
  applicationObjectId: z.string().optional().describe("Object id of the application"),
  servicePrincipalObjectId: z
    .string()
    .optional()
    .describe("Object id of its service principal (enterprise application)"),
  leftAlone: byHand,
};

/** What the registrations are; ids are absent while they are only planned. */
export const registrations = z.strictObject({
  server: z
    .strictObject({
      ...registration,
      appIdUri: z.string().optional().describe("The App ID URI under which tokens are asked for"),
      scope: z.string().optional().describe("The scope that users of the UI ask for"),
      redirectUris: z.array(z.string()).describe("Those that ought to be there"),
    })
    .describe("The registration that people sign in to"),
  ingestion: z.strictObject(registration).describe("The registration that ingestion signs in as"),
  authority: z.string().describe("Where tokens are asked for, with the tenant at its end"),
  warnings: z
    .array(z.string())
    .optional()
    .describe("What will not work though everything was provisioned, and what to do"),
});

export const provisionAnswer = z
  .strictObject({
    deployment: deploymentName,
    converged,
    steps: z.array(
      z.strictObject({
        kind: z.enum(["create-registration", "update-registration", "create-service-principal"]),
        ...step,
      }),
    ),
    result: registrations.optional().describe("Absent while something must be waited for"),
    ...waiting,
  })
  .describe("What was provisioned. A repeat finds nothing to do");

export const consentAnswer = z
  .strictObject({
    deployment: deploymentName,
    converged,
    steps: z.array(z.strictObject({ kind: z.enum(["grant-scopes", "assign-app-role"]), ...step })),
    ...waiting,
    result: z
      .strictObject({
        graphScopes: z.array(z.string()).describe("Delegated permissions of Microsoft Graph, for the whole tenant"),
        scope: z.string().describe("The scope of the server's own API, for the whole tenant"),
        appRole: z.string().describe("The app role that ingestion holds on the server's API"),
      })
      .describe("What is granted, once converged"),
  })
  .describe("What was granted. A repeat finds nothing to do");

export type ProvisionAnswer = z.output<typeof provisionAnswer>;
export type ConsentAnswer = z.output<typeof consentAnswer>;
