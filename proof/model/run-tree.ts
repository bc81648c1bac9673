import type { Answer, Call } from "./call.ts";
import type { Opening } from "./opening.ts";
import { type Code, type Entry, replay, type Standing } from "./replay.ts";

/** A run that has got certain answers: the same for everyone who gives it the same ones. */
export interface RunNode {
  readonly id: number;
  readonly opening: Opening;
  readonly waitsFor: readonly { index: number; call: Call }[];
  readonly ended: Standing["ended"];
  readonly converged: boolean;
  readonly fault: unknown;
  readonly proved: string | undefined;
  readonly parent: RunNode | undefined;
  readonly entries: readonly Entry[];
  readonly next: Map<string, RunNode>;
}

export interface RunTree {
  begin(opening: Opening): RunNode | Promise<RunNode>;
  /** Gives the run answers to all or some of what it waits for. */
  proceed(node: RunNode, answers: readonly { index: number; answer: Answer }[], on: number): RunNode | Promise<RunNode>;
  size(): number;
}

/**
 * Remembers where runs stand, so that each beginning of a run is executed once, however many worlds it is met in.
 *
 * Two beginnings after which the run remembers the same are taken for one (see `memory`); `exact` leaves this out.
 */
export function runTree(code: Code, { exact }: { exact: boolean }): RunTree {
  const openings = new Map<string, RunNode>();
  const merged = new Map<string, RunNode>();
  let size = 0;

  const make = async (opening: Opening, parent: RunNode | undefined, entries: readonly Entry[]) => {
    const path = [entries];
    for (let one = parent; one; one = one.parent) path.push(one.entries);
    const history = path.toReversed().flat();
    const standing = await replay(code, opening, history);
    const create = (): RunNode => ({
      id: size++,
      opening,
      waitsFor: standing.waitsFor,
      ended: standing.ended,
      converged: standing.converged,
      fault: standing.fault,
      proved: standing.proved,
      parent,
      entries,
      next: new Map(),
    });
    const key = exact ? undefined : memory(opening, standing);
    const node = (key === undefined ? undefined : merged.get(key)) ?? create();
    if (key !== undefined) merged.set(key, node);
    return { node, sawClock: standing.sawClock };
  };

  return {
    size: () => size,
    begin(opening) {
      const key = openingKey(opening);
      return (
        openings.get(key) ??
        make(opening, undefined, []).then(({ node }) => {
          openings.set(key, node);
          return node;
        })
      );
    },
    proceed(node, answers, on) {
      let key = "";
      for (const { index, answer } of answers) key += `${index}${answer.key};`;
      const known = node.next.get(key) ?? node.next.get(`${key}${on}`);
      if (known) return known;
      const entries = answers.map(({ index, answer }) => ({ call: index, answer, on }));
      return make(node.opening, node, entries).then(({ node: next, sawClock }) => {
        node.next.set(sawClock ? `${key}${on}` : key, next);
        return next;
      });
    },
  };
}

function openingKey({ kind, beganOn, ask }: Opening): string {
  return `${kind}@${beganOn}${ask ? `>${ask.issuedBefore}${ask.revokeOld}` : ""}`;
}

/**
 * What a run remembers of all that it was told, as far as it can matter later. From step to step `rotate` keeps which
 * steps were done, failed or must wait: all that is in its log. It keeps Entra's list and the vault's versions, as it has
 * read and written them, until it asks for all three anew, so that until then whatever they told counts, however old it
 * is. Within a step it keeps what it is about to write, which stands in its request. What it has heard of several answers
 * that it awaits at once is in none of these. A test compares the worlds reached with those reached without this.
 */
function memory(
  opening: Opening,
  { waitsFor, ended, converged, proved, lines, requests, partly, told, late }: Standing,
): string | undefined {
  if (ended !== "no") return ended === "broken" ? undefined : `${openingKey(opening)}|${ended}|${converged}|${proved}`;
  const [first] = waitsFor;
  if (!first || partly) return undefined;
  const readsAll = waitsFor.length === 3 && opening.kind !== "handler";
  const asks = readsAll ? "reads all" : `${requests}${JSON.stringify(first.call)}${told.join(";")}`;
  return `${openingKey(opening)}|${late}|${proved}|${lines.join("|")}|${asks}`;
}
