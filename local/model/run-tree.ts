import type { Answer, Call } from "./call.ts";
import { type Code, type Entry, type Opening, replay, type Standing } from "./replay.ts";

/** A run that has got certain answers: the same for everyone who gives it the same ones. */
export interface RunNode {
  readonly id: number;
  readonly opening: Opening;
  readonly waitsFor: readonly { index: number; call: Call }[];
  readonly ended: Standing["ended"];
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
 * Two runs of the same opening that have logged the same steps and now observe anew are taken for the same: what
 * `rotate` keeps from one step to the next is which steps were done, failed or must wait, and all that is in its log.
 * `exact` leaves this out.
 */
export function runTree(code: Code, { exact }: { exact: boolean }): RunTree {
  const openings = new Map<string, RunNode>();
  const observing = new Map<string, RunNode>();
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
      fault: standing.fault,
      proved: standing.proved,
      parent,
      entries,
      next: new Map(),
    });
    const observes = opening.kind !== "handler" && standing.waitsFor[0]?.call.kind === "list" && standing.waitsFor.length === 3;
    if (exact || !observes || standing.proved) return { node: create(), sawClock: standing.sawClock };
    const key = `${openingKey(opening)}|${standing.late}|${standing.lines.join("|")}`;
    const node = observing.get(key) ?? create();
    observing.set(key, node);
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
