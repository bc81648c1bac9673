import * as z from "zod";
import { FORMATS, ONE_AT_A_TIME } from "../configuration/render.ts";
import type { PARAMETERS as CONFIGURATION } from "../configuration/request.ts";
import type { PARAMETERS as PAGE } from "../page/wish.ts";
import { verdict } from "../status/answer.ts";
import { MOST, type PARAMETERS as STATUS, USUAL } from "../status/page.ts";
import { EXAMPLES } from "./examples.ts";

/** One call of the API: what it is called, what it takes and what it answers when all goes well. */
export interface Operation {
  /** Below /api. */
  path: string;
  /** The name of the function, which a client's method has too. */
  name: string;
  role: "Automation.Run" | "Automation.Read";
  summary: string;
  description: string;
  /** Parameters of the query, by name; those that must be there are not optional. */
  query?: Readonly<Record<string, z.ZodType>>;
  /** Of a POST: the names of its schemas, with examples. */
  body?: { schema: string; examples: Readonly<Record<string, { summary: string; value: object }>> };
  answer: { description: string } & (
    | { schema: string; example?: object; converges?: boolean }
    | { text: readonly string[] }
    | { any: string }
  );
}

const deployment = z.string().optional();
const history = z.enum(["true", "false"]).default("false");
const AGAIN = "Idempotent: repeat it while an answer has Retry-After, after as many seconds.";
const EVERYTHING = { everything: { summary: "The only deployment", value: {} } };
const DRY_RUN = { dryRun: { summary: "Only tell what would be done", value: { dryRun: true } } };

const configurationQuery = {
  deployment: deployment.describe(
    `Only this one; without it and without \`version\` all of them. Where there are several, ${ONE_AT_A_TIME.join(" and ")} need it`,
  ),
  format: z.enum(FORMATS).describe("For what it is rendered; README, Configure OpenMetadata, has what each is for"),
  version: z
    .string()
    .optional()
    .describe("The release to render for, such as 1.12.3; without it the server is asked which it is"),
} satisfies Record<(typeof CONFIGURATION)[number], z.ZodType>;

const statusQuery = {
  deployment: deployment.describe("Only this one; it goes with neither `limit` nor `after`"),
  limit: z.int().min(1).max(MOST).default(USUAL).describe("So many deployments at most"),
  after: z.string().optional().describe("`next` of the answer before: those that follow"),
  history: history.describe("Whether what happened to the credentials is told too, which takes more requests"),
} satisfies Record<(typeof STATUS)[number], z.ZodType>;

const pageQuery = {
  deployment: deployment.describe("Only this one, alone or with `history`; without it an overview, the worst first"),
  verdict: verdict.optional().describe("Of the overview: only deployments with this verdict"),
  search: z.string().optional().describe("Of the overview: only deployments whose name or address contains it"),
  page: z.int().min(1).max(9999).default(1).describe("Of the overview: which page"),
  history: history.describe("Of one deployment: whether all that is known to have happened is shown"),
} satisfies Record<(typeof PAGE)[number], z.ZodType>;

export const OPERATIONS: readonly Operation[] = [
  {
    path: "/provision",
    name: "provision-registrations",
    role: "Automation.Run",
    summary: "Provision the app registrations",
    description: `Brings the registrations of the server and of ingestion to what OpenMetadata needs. Nothing that was added by hand is taken away. ${AGAIN}`,
    body: { schema: "RegistrationRequest", examples: { ...EVERYTHING, ...DRY_RUN } },
    answer: {
      description: "The registrations are as they ought to be, or the plan of a dry run",
      schema: "ProvisionAnswer",
      example: EXAMPLES.provision,
      converges: true,
    },
  },
  {
    path: "/consent",
    name: "grant-admin-consent",
    role: "Automation.Run",
    summary: "Grant admin consent",
    description: `Grants what the registrations ask for, for the whole tenant. Where the app's identity may not, the answer is a 409 with links by which a person can. ${AGAIN}`,
    body: { schema: "RegistrationRequest", examples: { ...EVERYTHING, ...DRY_RUN } },
    answer: {
      description: "Everything is granted, or the plan of a dry run",
      schema: "ConsentAnswer",
      example: EXAMPLES.consent,
      converges: true,
    },
  },
  {
    path: "/rotate",
    name: "rotate-client-secret",
    role: "Automation.Run",
    summary: "Rotate credentials",
    description: `Does what is due for each credential: issue, prove, promote, push, confirm, retire. With \`because\` it issues a new one though none is due. ${AGAIN} A repeat with the same \`because\` goes on with the same rotation.`,
    body: {
      schema: "RotateRequest",
      examples: {
        due: { summary: "Whatever is due", value: {} },
        leaked: {
          summary: "A secret has leaked",
          value: { credential: "ingestion-client-secret", because: "compromised", revokeOld: true },
        },
        ...DRY_RUN,
      },
    },
    answer: {
      description: "Nothing is due any more and everything is delivered, or the plan of a dry run",
      schema: "RotateAnswer",
      example: EXAMPLES.rotate,
      converges: true,
    },
  },
  {
    path: "/harden",
    name: "delete-default-admin",
    role: "Automation.Run",
    summary: "Delete the default admin",
    description: `Deletes the account with the published password, where that locks nobody out and lasts. ${AGAIN}`,
    body: { schema: "HardenRequest", examples: { ...EVERYTHING, ...DRY_RUN } },
    answer: {
      description: "The account is gone, or the plan of a dry run",
      schema: "HardenAnswer",
      example: EXAMPLES.harden,
      converges: true,
    },
  },
  {
    path: "/status",
    name: "show-status",
    role: "Automation.Read",
    summary: "Show what is, and what is due",
    description: "Asks every service and writes nothing. What cannot be read says why, and the rest still tells.",
    query: statusQuery,
    answer: {
      description: "A page of deployments, with a verdict on each",
      schema: "StatusAnswer",
      example: EXAMPLES.status,
    },
  },
  {
    path: "/page",
    name: "show-page",
    role: "Automation.Read",
    summary: "Show the same as a page for people",
    description:
      "What status tells, as HTML for a browser, where App Service signs people in. Nothing on it changes anything. A failure is a page too where the caller accepts HTML, and a problem otherwise.",
    query: pageQuery,
    answer: { description: "A page that needs nothing from elsewhere", text: ["text/html"] },
  },
  {
    path: "/configuration",
    name: "show-configuration",
    role: "Automation.Read",
    summary: "Render OpenMetadata's configuration",
    description: "Text to put into OpenMetadata's deployment. It holds no secret, only where each is.",
    query: configurationQuery,
    answer: {
      description: "The configuration; yaml of several deployments is a stream of documents",
      text: ["text/plain", "application/yaml"],
    },
  },
  {
    path: "/openapi.json",
    name: "describe-api",
    role: "Automation.Read",
    summary: "Describe the API",
    description: "This document, as docs/openapi.json has it.",
    answer: { description: "An OpenAPI 3.1 document", any: "OpenAPI 3.1" },
  },
];
