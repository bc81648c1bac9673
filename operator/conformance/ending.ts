/** One press of Ctrl+C may arrive twice: from the terminal, and from whoever started this process. */
const ONE_PRESS = 2_000;

/** What is asked to end. */
interface Ending {
  on(name: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * A signal that is given when somebody asks `self` to end. Asked once more, it ends at once.
 * @param say told what that means
 */
export function endedBySignal(say: (line: string) => void, now: () => Date, self: Ending = process): AbortSignal {
  const ending = new AbortController();
  let askedOn: Date | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    self.on(name, () => {
      if (askedOn === undefined) {
        askedOn = now();
        say("ending; what was made is removed first (once more: end at once and leave it)");
        ending.abort(new Error("ended before it was settled"));
      } else if (now().getTime() - askedOn.getTime() > ONE_PRESS) {
        say("ended at once; whatever is left has a name that begins with the prefix (docs/conformance.md, What stays)");
        self.exit(1);
      }
    });
  }
  return ending.signal;
}
