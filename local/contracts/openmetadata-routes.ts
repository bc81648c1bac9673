import type { BodyKind } from "./openmetadata-bodies.ts";
import {
  arrayOf,
  CREATE_USER,
  DEPLOYED,
  fits,
  listOf,
  MECHANISM,
  PUBLIC_AUTHORIZER,
  PUBLIC_SIGN_IN,
  SHOWN_SECURITY,
  TOKEN,
} from "./openmetadata-bodies.ts";
import { releaseNumber } from "./openmetadata-schemas.ts";
import type { Route } from "./routes.ts";

/** One call of OpenMetadata's REST interface. `"text"` is a body that is not JSON; no kind is no body. */
export interface Call {
  request?: BodyKind;
  answer?: BodyKind | "text";
  /** Success codes. */
  codes: readonly number[];
  /** The form of a 400 that is no error envelope. */
  refusal?: BodyKind;
  /** First release with this call, and first one without it, as numbers (see `releaseNumber`). */
  since: number;
  until: number;
}

const USER = fits("entity/teams/user.json");
const BOT = fits("entity/bot.json");
const CREATE_BOT = fits("api/createBot.json");
const PIPELINE = fits("entity/services/ingestionPipelines/ingestionPipeline.json");
const DEPLOYMENT = fits(
  "entity/services/ingestionPipelines/pipelineServiceClientResponse.json",
  "shapes#/$defs/deployment",
);
const RUN = fits("entity/services/ingestionPipelines/ingestionPipeline.json#/definitions/pipelineStatus");
const PATCH = fits("shapes#/$defs/jsonPatch");
const PERSONAL_TOKEN = fits("auth/personalAccessToken.json");
const SECURITY = fits("configuration/securityConfiguration.json");
const VALIDATION = fits("system/securityValidationResponse.json");
const VERSION = fits("shapes#/$defs/version");
const KEYS = fits("shapes#/$defs/keys");

const before1 = { until: "1.0" };
const from1 = { since: "1.0" };
const from110 = { since: "1.10" };

/** The calls that this project and its local cloud may make, from OpenMetadata's REST documentation and resources. */
export const CALLS: readonly Route<Call>[] = [
  ["GET /v1/version", { answer: VERSION, ...before1 }],
  ["GET /v1/config/auth", { answer: PUBLIC_SIGN_IN, ...before1 }],
  ["GET /v1/config/authorizer", { answer: PUBLIC_AUTHORIZER, ...before1 }],
  ["GET /v1/config/jwks", { answer: KEYS, ...before1 }],
  ["GET /v1/system/version", { answer: VERSION, ...from1 }],
  ["GET /v1/system/config/auth", { answer: PUBLIC_SIGN_IN, ...from1 }],
  ["GET /v1/system/config/authorizer", { answer: PUBLIC_AUTHORIZER, ...from1 }],
  ["GET /v1/system/config/jwks", { answer: KEYS, ...from1 }],
  ["GET /v1/system/status", { answer: fits("system/validationResponse.json"), ...from1 }],
  ["GET /v1/system/health", { answer: "text", ...from110 }],
  ["GET /v1/system/security/config", { answer: SHOWN_SECURITY, ...from110 }],
  ["PUT /v1/system/security/config", { request: SECURITY, answer: SHOWN_SECURITY, ...from110 }],
  ["PATCH /v1/system/security/config", { request: PATCH, codes: [204], refusal: VALIDATION, ...from110 }],
  ["POST /v1/system/security/validate", { request: SECURITY, answer: VALIDATION, refusal: VALIDATION, ...from110 }],
  ["GET /v1/users", { answer: listOf(USER) }],
  ["GET /v1/users/{id}", { answer: USER }],
  ["GET /v1/users/loggedInUser", { answer: USER }],
  ["GET /v1/users/name/{name}", { answer: USER }],
  ["PUT /v1/users", { request: CREATE_USER, answer: USER, codes: [200, 201] }],
  ["POST /v1/users", { request: CREATE_USER, answer: USER, codes: [201] }],
  ["PATCH /v1/users/{id}", { request: PATCH, answer: USER }],
  ["DELETE /v1/users/{id}", { answer: USER }],
  ["DELETE /v1/users/name/{name}", { answer: USER }],
  ["GET /v1/users/auth-mechanism/{id}", { answer: MECHANISM }],
  ["GET /v1/users/token/{id}", { answer: TOKEN }],
  ["PUT /v1/users/generateToken/{id}", { request: fits("auth/generateToken.json"), answer: fits("auth/jwtAuth.json") }],
  ["PUT /v1/users/revokeToken", { request: fits("auth/revokeToken.json"), answer: USER }],
  ["GET /v1/users/security/token", { answer: listOf(PERSONAL_TOKEN), ...from1 }],
  [
    "PUT /v1/users/security/token",
    { request: fits("auth/createPersonalToken.json"), answer: PERSONAL_TOKEN, ...from1 },
  ],
  [
    "PUT /v1/users/security/token/revoke",
    { request: fits("auth/revokePersonalToken.json"), answer: listOf(PERSONAL_TOKEN), ...from1 },
  ],
  ["GET /v1/bots", { answer: listOf(BOT) }],
  ["GET /v1/bots/{id}", { answer: BOT }],
  ["GET /v1/bots/name/{name}", { answer: BOT }],
  ["PUT /v1/bots", { request: CREATE_BOT, answer: BOT, codes: [200, 201] }],
  ["POST /v1/bots", { request: CREATE_BOT, answer: BOT, codes: [201] }],
  ["GET /v1/services/ingestionPipelines", { answer: listOf(PIPELINE) }],
  ["GET /v1/services/ingestionPipelines/{id}", { answer: PIPELINE }],
  ["GET /v1/services/ingestionPipelines/name/{name}", { answer: PIPELINE }],
  ["GET /v1/services/ingestionPipelines/{fqn}/pipelineStatus", { answer: listOf(RUN) }],
  ["GET /v1/services/ingestionPipelines/{fqn}/pipelineStatus/{id}", { answer: RUN }],
  ["POST /v1/services/ingestionPipelines/deploy/{id}", { answer: DEPLOYED }],
  [
    "POST /v1/services/ingestionPipelines/bulk/deploy",
    { request: fits("shapes#/$defs/ids"), answer: arrayOf(DEPLOYMENT), ...from1 },
  ],
].map(([line, call]) => route(line as string, call as Listed));

interface Listed extends Partial<Omit<Call, "since" | "until">> {
  since?: string;
  until?: string;
}

function route(line: string, { since, until, ...call }: Listed): Route<Call> {
  const [method = "", template = ""] = line.split(" ");
  const range = { since: releaseNumber(since ?? "0.0"), until: releaseNumber(until) };
  return { method, template, operation: { codes: [200], ...call, ...range } };
}
