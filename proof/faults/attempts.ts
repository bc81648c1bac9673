import type { FaultEffect } from "../../local/cloud/exchange.ts";
import { MINUTE } from "../../shared/limits.ts";
import type { Meant } from "../strikes/strike.ts";
import type { Injection, Scene } from "./scene.ts";

/** When requests of a kind came, and what befell them. */
export interface Attempts extends Injection {
  /** There were so many, each so long after the one before. */
  areSpaced(most: number, apart: number): boolean;
  /** Each time no more than so many, and minutes between. */
  comeInBursts(most: number): boolean;
}

/** Strikes attempts by their number, counted from 1, and notes when they come. */
export function attempts(scene: Scene, meant: Meant, effect: (attempt: number) => FaultEffect | undefined): Attempts {
  const times: number[] = [];
  const injection = scene.inject(meant, (_request, hit) => {
    times.push(scene.clock.now().getTime());
    return effect(hit);
  });
  const gaps = (): number[] => times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return {
    ...injection,
    areSpaced: (most, apart) => times.length > 1 && times.length <= most && gaps().every((gap) => gap >= apart),
    comeInBursts(most) {
      const bursts = gaps().filter((gap) => gap > MINUTE).length + 1;
      return bursts > 1 && times.length <= most * bursts && gaps().every((gap) => gap <= MINUTE || gap >= 4 * MINUTE);
    },
  };
}
