import * as z from "zod";
import { PROBLEMS } from "../problems/problems.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { codesOf, exampleOf, problemNames, problems } from "./problems.ts";
import { namedSchemas, refTo } from "./schemas.ts";

/** Of the API, not of the app: it changes when a client would have to. */
const API_VERSION = "1.0.0";

const ABOUT = `Provisions the Microsoft Entra ID app registrations of OpenMetadata, grants admin consent, and rotates credentials into Key Vault.

Every POST needs a JSON body, if only \`{}\`, with a \`Content-Length\` and of at most 64 kB. Query parameters, headers and fields that have no effect are refused (400). Every POST is idempotent: repeat it while an answer has \`Retry-After\` (202, and 503 but for \`settings-invalid\`), after as many seconds. Every answer of the app that is no success is a problem (RFC 9457) whose \`code\` is one of a closed list: docs/problems.md; the platform's own, as for a method that a path does not have or a wrong function key, have no body that one could rely on. No answer holds a secret.`;

const TITLES: Record<number, string> = {
  400: "The request is wrong; nothing was changed",
  401: "Nobody who is known sent the request; nothing was changed",
  403: "The caller may not do this; nothing was changed",
  409: "A person must act first; repeating the call does not help until somebody has",
  413: "The body is too large; nothing was changed",
  500: "The settings or the code of the app are at fault",
  502: "A service refused; repeating the call does not help by itself",
  503: "A service failed, and a later attempt may succeed",
};

const RETRY_AFTER = { "Retry-After": { $ref: "#/components/headers/RetryAfter" } };

/** Of failures, by their status. */
const HEADERS: Record<number, object> = {
  401: { "WWW-Authenticate": { $ref: "#/components/headers/Challenge" } },
  503: RETRY_AFTER,
};

/**
 * The description of the API, OpenAPI 3.1, from the schemas by which requests are checked and answers are shaped.
 * Takes some ten milliseconds. Pure.
 */
export function apiDocument() {
  return {
    openapi: "3.1.1",
    info: { title: "OpenMetadata Entra", version: API_VERSION, description: ABOUT, license: MIT },
    servers: [
      {
        url: "https://{app}.azurewebsites.net/api",
        variables: { app: { default: "your-app", description: "Name of the function app" } },
      },
    ],
    security: [{ entra: [] }, { functionKey: [] }],
    paths: Object.fromEntries(OPERATIONS.map((one) => [one.path, { [methodOf(one)]: operation(one) }])),
    components: {
      schemas: namedSchemas(),
      responses: Object.fromEntries(problems.map(({ status }) => [problemNames(status), failure(status)])),
      headers: {
        RetryAfter: {
          description: "Seconds after which to call again; absent where a person must act first (`settings-invalid`)",
          schema: { type: "integer", minimum: 1 },
        },
        Challenge: { description: "What the app wants to see (RFC 9110)", schema: { type: "string", const: "Bearer" } },
      },
      securitySchemes: SECURITY,
    },
  };
}

const MIT = { name: "MIT", identifier: "MIT" };

const SECURITY = {
  entra: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "A token of Entra for the app's own registration (API_AUDIENCE), with the app role `Automation.Run`, or `Automation.Read` for what only reads: `az account get-access-token --scope 'api://<API_AUDIENCE>/.default'`",
  },
  functionKey: {
    type: "apiKey",
    in: "header",
    name: "x-functions-key",
    description: "A function key, only where the settings say that keys guard the app instead of tokens",
  },
};

function methodOf({ body }: Operation): "get" | "post" {
  return body ? "post" : "get";
}

function operation(one: Operation) {
  const { name, role, summary, description, query = {}, body } = one;
  return {
    operationId: name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    summary,
    description,
    security: [{ entra: [role] }, { functionKey: [] }],
    ...(Object.keys(query).length > 0 ? { parameters: Object.entries(query).map(parameter) } : {}),
    ...(body
      ? { requestBody: { required: true, content: jsonOf(refTo(body.schema), { examples: body.examples }) } }
      : {}),
    responses: {
      ...successes(one),
      ...Object.fromEntries(
        problems
          .filter(({ status }) => body || status !== 413)
          .map(({ status }) => [status, isPage(one) ? failurePage(status) : problemRef(status)]),
      ),
    },
  };
}

function parameter([name, wanted]: [string, z.ZodType]) {
  const { $schema, description, ...schema } = z.toJSONSchema(wanted, { io: "input" });
  return { name, in: "query", required: !wanted.safeParse(undefined).success, description, schema };
}

function successes({ answer }: Operation) {
  const { description } = answer;
  if ("text" in answer) {
    return { 200: { description, content: Object.fromEntries(answer.text.map((type) => [type, TEXT])) } };
  }
  if ("any" in answer) return { 200: { description, content: jsonOf({ type: "object", description: answer.any }) } };
  const done = {
    description,
    content: jsonOf(refTo(answer.schema), answer.example ? { example: answer.example } : {}),
  };
  if (!answer.converges) return { 200: done };
  return {
    200: done,
    202: {
      description: "Not all is done yet, and nobody needs to act: repeat the call after Retry-After seconds",
      headers: RETRY_AFTER,
      content: jsonOf({ anyOf: [refTo(answer.schema), refTo("Waiting")] }),
    },
  };
}

const TEXT = { schema: { type: "string" } };

function isPage({ answer }: Operation): boolean {
  return "text" in answer && answer.text.includes("text/html");
}

function problemRef(status: number) {
  return { $ref: `#/components/responses/${problemNames(status)}` };
}

/** A browser is answered a page then too. */
function failurePage(status: number) {
  const { content, ...rest } = failure(status);
  return { ...rest, content: { ...content, "text/html": TEXT } };
}

function jsonOf(schema: object, more: object = {}) {
  return { "application/json": { schema, ...more } };
}

function failure(status: number) {
  const codes = codesOf(status);
  const [first] = codes;
  return {
    description: [
      `${TITLES[status]}.`,
      "| code | |\n|---|---|",
      ...codes.map((code) => `| \`${code}\` | ${PROBLEMS[code].title} |`),
    ]
      .join("\n")
      .replace(".\n|", ".\n\n|"),
    ...(HEADERS[status] ? { headers: HEADERS[status] } : {}),
    content: {
      "application/problem+json": {
        schema: refTo(problemNames(status)),
        ...(first ? { example: exampleOf(first) } : {}),
      },
    },
  };
}
