import { InputError, quoted } from "../errors.ts";
import { FORMATS, type Format } from "./render.ts";

/** What a caller asks for; what is undefined was left open. */
export interface Wish {
  deployment: string | undefined;
  format: Format;
  version: string | undefined;
}

/** What the query of GET /api/configuration may hold. */
export const PARAMETERS = ["deployment", "format", "version"] as const;

/**
 * Reads the query of GET /api/configuration.
 * @throws {InputError} when the format is missing or unknown.
 */
export function readRequest(query: URLSearchParams): Wish {
  const asked = query.get("format");
  const format = FORMATS.find((one) => one === asked);
  if (!format) {
    const message =
      asked === null ? "Cannot render the configuration: no format is given" : `Cannot render format ${quoted(asked)}`;
    throw new InputError("query-invalid", message, { hint: `Send "format" with one of ${FORMATS.join(", ")}` });
  }
  return { format, deployment: query.get("deployment") ?? undefined, version: query.get("version") ?? undefined };
}
