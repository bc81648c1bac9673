import type { HttpRequest } from "@azure/functions";
import { InputError, quoted } from "../errors.ts";

/** What a call understands: parameters of the query, and fields of the body. */
export interface Understood {
  parameters: readonly string[];
  fields: readonly string[];
}

/** The platform's own: the function key, whose name has no case. */
const OF_PLATFORM = "code";

/**
 * A parameter or a header that is ignored is a dry run that was meant, and was none: what is unknown, or in the wrong
 * place, is refused before anything is done.
 * @throws {InputError} that says where it belongs.
 */
export function refuseStray({ query, headers }: Pick<HttpRequest, "query" | "headers">, understood: Understood): void {
  const { parameters, fields } = understood;
  const stray = [...query.keys()].find((name) => !parameters.includes(name) && name.toLowerCase() !== OF_PLATFORM);
  if (stray !== undefined) {
    throw new InputError("query-invalid", `Cannot accept the request: it has no query parameter ${quoted(stray)}`, {
      hint: placeOf(stray, understood),
    });
  }
  const twice = parameters.find((name) => query.getAll(name).length > 1);
  if (twice !== undefined) {
    throw new InputError(
      "query-invalid",
      `Cannot accept the request: query parameter ${quoted(twice)} is given twice`,
      {
        hint: `Send "${twice}" once: of several values all but one would have no effect`,
      },
    );
  }
  const ours = [...parameters, ...fields].map(plain);
  const header = [...headers.keys()].find((name) => ours.includes(plain(name.replace(/^x[-_]/i, ""))));
  if (header !== undefined) {
    throw new InputError("header-misplaced", `Cannot accept the request: header ${quoted(header)} has no effect`, {
      hint: placeOf(header.replace(/^x[-_]/i, ""), understood),
    });
  }
}

function placeOf(name: string, { parameters, fields }: Understood): string {
  const like = (known: readonly string[]) => known.find((one) => plain(one) === plain(name));
  const field = like(fields);
  if (field !== undefined) return `Send "${field}" in the JSON body`;
  const parameter = like(parameters);
  if (parameter !== undefined) return `Send "${parameter}" in the query, written like this`;
  if (parameters.length > 0) return `The query of this call takes ${list(parameters)}`;
  return fields.length > 0
    ? `This call takes no query; the JSON body takes ${list(fields)}`
    : "This call takes no query";
}

/** As people vary names: dryRun, dryrun, dry-run, dry_run. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
