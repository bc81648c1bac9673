import * as z from "zod";
import { type AcceptedFindings, FINDING_KINDS, type FindingKind } from "./finding-kinds.ts";

const SHORTEST_REASON = 10;
const LONGEST_REASON = 300;

const isKind = (text: string): text is FindingKind => (FINDING_KINDS as readonly string[]).includes(text);

/** Written as an object in `DEPLOYMENTS`, and as the same object in JSON in a setting of its own. */
export const acceptedFindings = z.preprocess(
  parsed,
  z
    .record(
      z.string(),
      z
        .string({ error: "must be a reason in words" })
        .min(SHORTEST_REASON, { error: `must be a reason of at least ${SHORTEST_REASON} characters` })
        .max(LONGEST_REASON, { error: `must be at most ${LONGEST_REASON} characters` }),
      { error: 'must be an object, for example {"sso-ignored": "the runner outside reads it until June"}' },
    )
    .superRefine((record, context) => {
      const unknown = Object.keys(record).filter((kind) => !isKind(kind));
      if (unknown.length === 0) return;
      const message = `has unknown kinds of findings (${unknown.length}); the known ones are ${FINDING_KINDS.join(", ")}`;
      context.addIssue({ code: "custom", message });
    })
    .transform((record): AcceptedFindings => record)
    .default({}),
);

function parsed(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}
