import { answered } from "./answer-moves.ts";
import { type Call, NO_ANSWER, REFUSED } from "./call.ts";
import { land } from "./effect.ts";
import { acknowledge } from "./evidence.ts";
import { judge } from "./judge.ts";
import { adriftPush, inOrder, type LiveRun, requestOf, type State } from "./model-state.ts";
import type { Game, Move } from "./move.ts";
import { isLetIn, signIns } from "./reads.ts";
import { tell } from "./story.ts";
import { type Excuse, fault, findCredential, spend, type World } from "./world.ts";

interface Pushing {
  run: LiveRun;
  call: Call & { kind: "push" };
  index: number;
}

/**
 * A push tries the secret, sends it, and is answered when it has landed. Whoever no longer waits for the answer cannot
 * call the write back.
 */
export async function pushMoves(game: Game, state: State, pushing: Pushing): Promise<Move[]> {
  return pushing.run.flight ? landing(game, state, pushing) : sending(game, state, pushing);
}

function sending(game: Game, { world, runs }: State, { run, call, index }: Pushing): Promise<Move[]> {
  const { keyId } = call;
  const breach = judge(world, call, requestOf(run, game.skew));
  return Promise.all(
    signIns(world, keyId).map(async (tried): Promise<Move> => {
      if (isLetIn(tried)) {
        const sent = { ...run, flight: { keyId, excuse: excuseOf(tried.world, keyId) } };
        const to = { world: tried.world, runs: inOrder(runs.map((one) => (one === run ? sent : one))) };
        return { to, did: "sent", says: () => tell(run.label, `sends ${keyId} to the consumer`, tried.oddly), breach };
      }
      const says = (): string => tell(run.label, `finds ${keyId} refused before pushing it`, tried.oddly);
      const told = { state: { world: tried.world, runs }, did: "refused", says, breach: undefined };
      return answered(game, { run, given: [{ index, answer: REFUSED }] }, told);
    }),
  );
}

function excuseOf(world: World, keyId: string): Excuse | undefined {
  return findCredential(world, keyId)?.removed?.by === "revocation" ? "sent after it was revoked" : undefined;
}

const DELIVERED = { key: "delivered", value: () => ({ kind: "delivered", detail: "verified" }) };

async function landing(game: Game, state: State, { run, index }: Pushing): Promise<Move[]> {
  const { flight, label } = run;
  if (!flight) return [];
  const { keyId } = flight;
  const answer = (after: State, given: typeof DELIVERED | typeof NO_ANSWER, says: string): Promise<Move> =>
    answered(
      game,
      { run, given: [{ index, answer: given }] },
      {
        state: after,
        did: given === DELIVERED ? "pushed" : "lost answers",
        says: () => `${label} ${says}`,
        breach: undefined,
      },
    );
  const landed = land(state, flight);
  const acknowledged = acknowledge(landed, keyId, run.beganOn);
  const moves = [await answer(acknowledged, DELIVERED, `is told that the consumer holds ${keyId}`)];
  if (state.world.left.lost === 0) return moves;
  const flying = { ...state.world, adrift: [...state.world.adrift, adriftPush(run, flight)] };
  const unheard = `gets no answer to its push of ${keyId}, which`;
  moves.push(await answer(lose(landed), NO_ANSWER, `${unheard} has landed`));
  moves.push(await answer(lose({ ...state, world: flying }), NO_ANSWER, `${unheard} is still on its way`));
  return moves;
}

function lose({ world, runs }: State): State {
  return { world: { ...world, left: spend(world.left, "lost"), tally: fault(world.tally) }, runs };
}
