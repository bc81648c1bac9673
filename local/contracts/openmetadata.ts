import type { Exchange } from "../cloud/exchange.ts";
import type { Expected, Half } from "./body.ts";
import { answerOf, checkEmpty, checkJson, parse, requestOf } from "./body.ts";
import type { Check, Finding } from "./finding.ts";
import { finding, unlisted } from "./finding.ts";
import type { Folder } from "./folder.ts";
import type { BodyKind } from "./openmetadata-bodies.ts";
import { errorBody } from "./openmetadata-bodies.ts";
import type { Call } from "./openmetadata-routes.ts";
import { CALLS } from "./openmetadata-routes.ts";
import { openMetadataSchemas, releaseNumber } from "./openmetadata-schemas.ts";
import { router, showPath } from "./routes.ts";
import type { Schemas } from "./schemas.ts";

/** Checks exchanges with OpenMetadata against the schemas nearest to its release; without a release, the newest. */
export function openMetadataCheck(folder: Folder): Check {
  const generations = openMetadataSchemas(folder);
  const find = router(CALLS);
  return (exchange, release) => {
    const [pathname = ""] = exchange.path.split("?");
    // The server may live below a base path.
    const path = pathname.replace(/^.*?\/api\/v1\//, "/v1/");
    const route = find(exchange.method, path);
    if (!route) return unlisted(showPath(pathname), "OpenMetadata's REST documentation");
    const number = releaseNumber(release);
    const call = route.operation;
    const rule = `${exchange.method} ${route.template}`;
    const exists = release === undefined || (number >= call.since && number < call.until);
    const context = { rule, schemas: generations(number) };
    const findings = exists
      ? [...checkRequest(exchange, call, context), ...checkAnswer(exchange, call, context)]
      : checkAbsent(exchange, rule);
    return { route: `/api${route.template}`, findings };
  };
}

interface Context {
  rule: string;
  schemas: Schemas;
}

/**
 * A client may ask for what this release does not have, to learn which release it is; the answer has to be 404, or the
 * 500 that older releases make of it.
 */
function checkAbsent(exchange: Exchange, rule: string): Finding[] {
  const isAbsent = exchange.status === 404 || (exchange.status === 500 && exchange.answerBody.includes("HTTP 404"));
  return isAbsent ? [] : [finding("answer", rule, "is given by a release that does not have this call")];
}

function checkRequest(exchange: Exchange, call: Call, context: Context): Finding[] {
  return checkBody(requestOf(exchange), call.request, context);
}

function checkAnswer(exchange: Exchange, call: Call, context: Context): Finding[] {
  const { status } = exchange;
  const half = answerOf(exchange);
  if (status >= 400) return call.answer === "text" ? [] : checkBody(half, errorKind(exchange, call), context);
  if (!call.codes.includes(status)) {
    return [finding("answer", context.rule, `has the status ${status}, which is not documented`)];
  }
  return call.answer === "text" ? [] : checkBody(half, call.answer, context);
}

/** A refused change of the security configuration may say which fields are wrong instead of the usual envelope. */
function errorKind(exchange: Exchange, call: Call): BodyKind {
  const answer = parse(exchange.answerBody)?.value;
  const listsFields = exchange.status === 400 && typeof answer === "object" && answer !== null && "status" in answer;
  return listsFields && call.refusal ? call.refusal : errorBody(exchange.status);
}

function checkBody(half: Half, kind: BodyKind | undefined, { rule, schemas }: Context): Finding[] {
  if (!kind) return checkEmpty(half, rule);
  const expected: Expected = { schema: kind.name, faults: (value) => kind.faults(value, schemas) };
  return checkJson(half, expected);
}
