/** Tells a story line by line. */
export interface Teller {
  /** When, who, what; who may be empty. */
  line(when: string, who: string, what: string): void;
  /** A line, or several, as they are. */
  text(text: string): void;
  /** Shown while something takes longer than two seconds, and replaced by what follows. */
  progress(what: string): void;
}

const WHEN = 8;
const WHO = 25;
/**
 * Writes to a stream; colour only where that is a terminal. Elsewhere a sign of progress stays, so it is shown every so
 * many real seconds, by default never.
 */
export function teller(stream: NodeJS.WriteStream, { everySeconds = Number.POSITIVE_INFINITY } = {}): Teller {
  const dim = (text: string): string => (stream.isTTY ? `\u001B[2m${text}\u001B[22m` : text);
  const bold = (text: string): string => (stream.isTTY ? `\u001B[1m${text}\u001B[22m` : text);
  const clear = stream.isTTY ? "\r\u001B[K" : "";
  let last = "";
  let shownOn = performance.now();
  return {
    line(when, who, what) {
      const shown = when === last ? "" : when;
      last = when;
      const column = who === "" ? "" : who.padEnd(WHO);
      stream.write(`${clear}${bold(shown.padEnd(WHEN))}${column}${what}\n`);
    },
    text: (text) => void stream.write(`${clear}${text}\n`),
    progress(what) {
      if (stream.isTTY) stream.write(`${clear}${dim(what)}`);
      else if (performance.now() - shownOn > everySeconds * 1000) {
        shownOn = performance.now();
        stream.write(`${what}\n`);
      }
    },
  };
}
