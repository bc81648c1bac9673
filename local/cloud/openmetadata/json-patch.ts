import { applyPatch as applyInPlace, type Operation, Pointer } from "rfc6902";
import { z } from "zod";

/** The operations of RFC 6902 that set or take away one property. */
const jsonPatch = z.array(
  z.discriminatedUnion("op", [
    z.strictObject({ op: z.enum(["add", "replace", "test"]), path: z.string(), value: z.unknown() }),
    z.strictObject({ op: z.literal("remove"), path: z.string() }),
  ]),
);

/** The patch that a body is; `undefined` if it is none. */
export function readPatch(body: unknown): Operation[] | undefined {
  return jsonPatch.safeParse(body).data;
}

/** Applies a patch to a copy; throws an error for one that does not fit, which is then not applied at all. */
export function applyPatch(document: object, patch: Operation[]): unknown {
  const copy = structuredClone(document);
  for (const operation of patch) {
    const [fault] = applyInPlace(copy, [operation]);
    if (fault) throw new Error(fault.name === "TestError" ? "The test failed" : missing(copy, operation.path));
  }
  return copy;
}

/** The words of the library that the server uses: where an object on the way is missing, the whole one above is in them. */
function missing(document: object, path: string): string {
  const steps = Pointer.fromJSON(path).tokens.slice(1);
  const name = steps.pop() ?? "";
  let above: unknown = document;
  for (const step of steps) {
    const below = new Pointer(["", step]).get(above);
    if (below === undefined) {
      return `The JSON Object '${JSON.stringify(above)}' contains no mapping for the name '${step}'`;
    }
    above = below;
  }
  return `Non-existing name/value pair in the object for key ${name}`;
}
