import type { Answer } from "./call.ts";
import { type Author, findCredential, type World } from "./world.ts";

/** Who asks, and whose clock the answer shows. */
export interface Request {
  by: Author;
  /** The run's own clock is ahead of the world's by so much: every run has begun at the same time by its own clock. */
  ahead: number;
  /** Entra's clock is ahead of ours by so much. */
  skew: number;
}

/** The world after a request, and what it answered. */
export interface Outcome {
  world: World;
  answer: Answer;
  /** What was odd about it, for the story. */
  oddly?: string;
}

/** A run that was told of a leak takes away what was issued before it; anything else it retires as usual. */
export function isRevocation(world: World, keyId: string, { by }: Pick<Request, "by">): boolean {
  const found = findCredential(world, keyId);
  return by.ask?.revokeOld === true && found !== undefined && found.issuedOn < by.ask.issuedBefore;
}
