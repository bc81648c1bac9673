import type { Ports } from "./ports.ts";
import { type Order, rotate } from "./rotate.ts";

/** An equal part of the time left, so that one that must be waited for leaves time for the others. */
function share(endsOn: Date, now: Date, parts: number): Date {
  return new Date(now.getTime() + (endsOn.getTime() - now.getTime()) / parts);
}

/**
 * Rotates one credential after the other; a bad one does not keep the others from theirs.
 * @throws {Error} at the end, naming each that failed, so that the run shows red.
 */
export async function rotateAll(
  targets: readonly Ports[],
  order: Order,
  report: (line: string) => void,
): Promise<void> {
  const failed: string[] = [];
  for (const [index, ports] of targets.entries()) {
    try {
      const { steps, later } = await rotate(ports, {
        ...order,
        endsOn: share(order.endsOn, ports.now(), targets.length - index),
      });
      const [soonest] = later;
      const ahead = soonest ? `; next: ${soonest.kind} on ${soonest.on.toISOString()}` : "";
      if (steps.length === 0) ports.log(`rotation of "${ports.name}": nothing to do${ahead}`);
    } catch (error) {
      failed.push(ports.name);
      const hint = error instanceof Error && "hint" in error ? `. ${error.hint}` : "";
      report(`rotation of "${ports.name}" failed: ${error instanceof Error ? error.message : String(error)}${hint}`);
    }
  }
  if (failed.length > 0) throw new Error(`Cannot rotate ${failed.join(", ")}: see the lines above`);
}
