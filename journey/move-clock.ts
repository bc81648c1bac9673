import type { Clock } from "../local/clock.ts";
import type { Teller } from "./teller.ts";

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The most that passes between two signs of progress. */
const STEP = 6 * UNITS.h;

/** Moves the clock as a line like `+60d`, `+3h` or `+10m` says, with all that falls due on the way. */
export async function moveClock(line: string, clock: Clock, tell: Teller): Promise<void> {
  const [, amount, unit] = /^\+(\d{1,4})([mhd])$/.exec(line.trim()) ?? [];
  if (!amount || !unit) {
    if (line.trim() !== "") tell.text('To move the clock, type "+60d", "+3h" or "+10m" (at most four digits)');
    return;
  }
  const whole = Number(amount) * UNITS[unit as keyof typeof UNITS];
  for (let left = whole; left > 0; left -= STEP) {
    await clock.advance(Math.min(STEP, left));
    const passed = Math.min(100, Math.round((1 - (left - STEP) / whole) * 100));
    tell.progress(`the clock moves: ${clock.now().toISOString().slice(0, 16)}, ${passed}% of ${line.trim()}`);
  }
  tell.text(`the clock says ${clock.now().toISOString()}`);
}
