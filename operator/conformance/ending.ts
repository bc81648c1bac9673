/** One press of Ctrl+C may arrive twice: from the terminal, and from whoever started this process. */
const ONE_PRESS = 2_000;

/**
 * A signal that is given when somebody asks this process to end. Asked once more, it ends at once.
 * @param say told what the first time means
 */
export function endedBySignal(say: (line: string) => void, now: () => Date): AbortSignal {
  const ending = new AbortController();
  let askedOn: Date | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (askedOn === undefined) {
        askedOn = now();
        say("ending; what was made is removed first (once more: end at once and leave it)");
        ending.abort(new Error("ended before it was settled"));
      } else if (now().getTime() - askedOn.getTime() > ONE_PRESS) process.exit(1);
    });
  }
  return ending.signal;
}
