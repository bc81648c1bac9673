import type { ErrorObject } from "ajv";
import type { Fault } from "./finding.ts";

/**
 * Turns the validator's errors into faults, without the noise of alternatives: of "this or null" the complaint about
 * null goes, of any other choice only the choice itself is reported. Never empty when there are errors.
 */
export function explain(errors: readonly ErrorObject[]): Fault[] {
  const noise = new Set<ErrorObject>();
  for (const choice of errors.filter(isChoice)) {
    const orNull = errors.find((error) => error.instancePath === choice.instancePath && wantsNull(error));
    if (orNull) {
      noise.add(choice).add(orNull);
      continue;
    }
    for (const error of errors) if (error !== choice && isWithin(error, choice)) noise.add(error);
  }
  const telling = errors.filter((error) => !noise.has(error) && error.keyword !== "if");
  return (telling.length > 0 ? telling : errors).map((error) => ({
    at: error.instancePath.split("/").map(plainName).join("/"),
    text: kindOf(error),
  }));
}

/** The text of the fault "a property is missing". */
export function lacks(property: string): string {
  return `lacks "${property}"`;
}

function kindOf(error: ErrorObject): string {
  switch (error.keyword) {
    case "required":
      return lacks(String(error.params.missingProperty));
    case "additionalProperties":
      return `has the unknown property "${plainName(String(error.params.additionalProperty))}"`;
    case "not":
      return "has what the schema excludes";
    default:
      return error.message ?? `breaks the rule "${error.keyword}"`;
  }
}

/** A property name may be quoted, unless it looks as if a value had slipped into its place: Entra's secrets have a `~`. */
function plainName(name: string): string {
  return /^[\w.@$-]{0,64}$/.test(name) ? name : "(odd name)";
}

function isChoice(error: ErrorObject): boolean {
  return error.keyword === "anyOf" || error.keyword === "oneOf";
}

function wantsNull(error: ErrorObject): boolean {
  return error.keyword === "type" && error.params.type === "null";
}

function isWithin(error: ErrorObject, outer: ErrorObject): boolean {
  return error.instancePath === outer.instancePath || error.instancePath.startsWith(`${outer.instancePath}/`);
}
