import { z } from "zod";

/** The operations of RFC 6902 that set or take away one property. */
const jsonPatch = z.array(
  z.discriminatedUnion("op", [
    z.strictObject({ op: z.enum(["add", "replace", "test"]), path: z.string(), value: z.unknown() }),
    z.strictObject({ op: z.literal("remove"), path: z.string() }),
  ]),
);
type Operation = z.infer<typeof jsonPatch>[number];

/** The patch that a body is; `undefined` if it is none. */
export function readPatch(body: unknown): Operation[] | undefined {
  return jsonPatch.safeParse(body).data;
}

/** Applies a patch to a copy; throws an error for one that does not fit, which is then not applied at all. */
export function applyPatch(document: object, patch: Operation[]): unknown {
  const copy = structuredClone(document) as Record<string, unknown>;
  for (const operation of patch) apply(copy, operation);
  return copy;
}

function apply(document: Record<string, unknown>, operation: Operation): void {
  const steps = operation.path.split("/").slice(1).map(unescaped);
  const name = steps.pop() ?? "";
  let parent: unknown = document;
  for (const step of steps) {
    const inner = isContainer(parent) ? parent[step] : undefined;
    // The words of the library that the server uses: the whole object is in them.
    if (inner === undefined) {
      throw new Error(`The JSON Object '${JSON.stringify(parent)}' contains no mapping for the name '${step}'`);
    }
    parent = inner;
  }
  const missing = new Error(`Non-existing name/value pair in the object for key ${name}`);
  if (!isContainer(parent)) throw missing;
  if (operation.op !== "add" && !(name in parent)) throw missing;
  if (operation.op === "remove") delete parent[name];
  else if (operation.op !== "test") parent[name] = operation.value;
  else if (JSON.stringify(parent[name]) !== JSON.stringify(operation.value)) throw new Error("The test failed");
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
