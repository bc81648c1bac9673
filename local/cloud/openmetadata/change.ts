import { isDeepStrictEqual } from "node:util";
import type { Entity } from "./state.ts";

/**
 * Writes changes into an entity. Its version grows by 0.1 if anything differs, or `always`; otherwise nothing at all is
 * noted.
 */
export function change<E extends Entity>(
  entity: E,
  changes: Partial<E>,
  by: { now: Date; name: string; always?: boolean },
): void {
  const differs = Object.entries(changes).some(([key, value]) => !isDeepStrictEqual(entity[key as keyof E], value));
  if (!differs && !by.always) return;
  Object.assign(entity, changes, {
    version: Math.round(entity.version * 10 + 1) / 10,
    updatedAt: by.now.getTime(),
    updatedBy: by.name,
  });
}
