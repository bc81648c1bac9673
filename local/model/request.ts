import type { Answer } from "./call.ts";
import { START } from "./start.ts";
import { type Author, findCredential, type World } from "./world.ts";

/** Who asks, and whose clock the answer shows. */
export interface Request {
  by: Author;
  /** What the run takes for the time is ahead of the world's by so much: see `requestBy`. */
  ahead: number;
  /** Entra's clock is ahead of the world's by so much. */
  skew: number;
}

/** Every run is told times as if it had begun at `START`, so that runs that begin at different times are one. */
export function requestBy(by: Author, skew: number): Request {
  return { by, ahead: START - by.beganOn - by.clock, skew };
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
