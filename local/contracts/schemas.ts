import type { Ajv, ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { explain } from "./explain.ts";
import type { Fault } from "./finding.ts";
import { SHAPES } from "./shapes.ts";

/** A schema document as read: its inside is the validator's business. */
export type SchemaDocument = Record<string, unknown>;

/** Compiled schemas of one service. */
export interface Schemas {
  has(reference: string): boolean;
  /** What is wrong with the value by the schema that the reference names; it is compiled at its first use. */
  faults(reference: string, value: unknown): Fault[];
}

/** Published formats that say how to show a value, not what it may be. */
const SHOWN_ONLY = ["password", "timezone", "utc-millisec", "url", "queryBuilder"];

/** What every validator is made with: published documents carry keywords of other tools, and may break in many places. */
export const VALIDATOR_OPTIONS = {
  strict: false,
  allErrors: true,
  validateSchema: false,
  logger: false,
  // Without it 0.3 is no multiple of 0.1, and OpenMetadata counts versions in tenths.
  multipleOfPrecision: 6,
} as const;

/** Keeps the documents by name, beside the shapes that nobody publishes, which are named "shapes". */
export function schemaStore(ajv: Ajv, documents: ReadonlyMap<string, SchemaDocument>): Schemas {
  formats.default(ajv);
  for (const format of SHOWN_ONLY) ajv.addFormat(format, true);
  ajv.addSchema(SHAPES, "shapes");
  for (const [name, document] of documents) ajv.addSchema(document, name);
  const compiled = new Map<string, ValidateFunction>();
  return {
    has: (reference) => documents.has(reference),
    faults(reference, value) {
      let validate = compiled.get(reference);
      if (!validate) {
        validate = ajv.compile({ $ref: reference });
        compiled.set(reference, validate);
      }
      return validate(value) ? [] : explain(validate.errors ?? []);
    },
  };
}
