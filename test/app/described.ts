import { OPERATIONS } from "../../shared/api/operations.ts";
import { problemNames } from "../../shared/api/problems.ts";
import { answerSchema } from "../../shared/api/schemas.ts";

/** The names of the schemas that docs/openapi.json has for an answer of one of the app's calls; none for other addresses. */
function schemasFor(path: string, status: number): string[] {
  const operation = OPERATIONS.find((one) => one.path === `/${path.split("?")[0]}`);
  if (!operation) return [];
  if (status >= 400) return [problemNames(status)];
  const { answer } = operation;
  if (!("schema" in answer)) return [];
  return status === 202 ? [answer.schema, "Waiting"] : [answer.schema];
}

/**
 * Holds an answer in JSON to the description of the API, which has every field that there may be.
 * @throws {Error} that says what is not as described.
 */
export function holdAnswer(path: string, status: number, json: unknown): void {
  const names = json === undefined ? [] : schemasFor(path, status);
  const tried = names.map((name) => ({ name, faults: answerSchema(name).safeParse(json).error?.issues }));
  if (names.length === 0 || tried.some(({ faults }) => faults === undefined)) return;
  throw new Error(`GET or POST ${path} answered ${status}, and not as described: ${JSON.stringify(tried, null, 1)}`);
}
