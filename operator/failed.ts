import { blotted } from "../shared/errors.ts";

/** Says what failed and what to do; the exit code becomes 1. */
export function failed(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && "hint" in error ? `${String(error.hint)}\n` : "";
  process.stderr.write(blotted(`${message}\n${hint}`));
  process.exitCode = 1;
}
