import * as z from "zod";

/** What was told last about a credential, a deployment, or the app: what the next notifications are made from. */
const told = z.object({
  version: z.literal(1),
  /** When the app first looked: what was delivered before is no news. */
  beganOn: z.iso.datetime(),
  /** The one whose delivery was seen last, and when it expires. */
  keyId: z.string().optional(),
  expiresOn: z.iso.datetime().optional(),
  /** It was told that this one is about to expire. */
  expiring: z.boolean().optional(),
  /** What stands in the way, since when, and by which reasons that was told. */
  trouble: z.object({ since: z.iso.datetime(), told: z.array(z.string()) }).optional(),
  /** The moment of the last ask whose answer was seen. */
  answered: z.iso.datetime().optional(),
});

export type Told = z.output<typeof told>;

/** undefined where nothing is remembered, or by another version of the app: it is begun anew. */
export function readTold(json: unknown): Told | undefined {
  return told.safeParse(json).data;
}

/** Who tells of a cause that many share, and when it did last. */
const held = z.object({ by: z.string(), on: z.iso.datetime() });

/** undefined where nobody tells of it. */
export function readHeld(json: unknown): z.output<typeof held> | undefined {
  return held.safeParse(json).data;
}
