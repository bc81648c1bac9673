/** Tells the story line by line: when, who, what, and how long it took. */
export interface Teller {
  line(when: string, who: string, what: string, seconds?: number): void;
  /** Shown while something takes longer than two seconds, and replaced by the next line; only on a terminal. */
  progress(what: string): void;
}

const WHEN = 14;
const WHO = 10;

/** Writes to a stream; colour and progress only where that is a terminal. */
export function teller(stream: NodeJS.WriteStream): Teller {
  const dim = (text: string): string => (stream.isTTY ? `\u001B[2m${text}\u001B[22m` : text);
  const bold = (text: string): string => (stream.isTTY ? `\u001B[1m${text}\u001B[22m` : text);
  const clear = stream.isTTY ? "\r\u001B[K" : "";
  let last = "";
  return {
    line(when, who, what, seconds) {
      const shown = when === last ? "" : when;
      last = when;
      const took = seconds === undefined ? "" : dim(`  ${seconds.toFixed(1)} s`);
      const column = who === "" ? "" : who.padEnd(WHO);
      stream.write(`${clear}${bold(shown.padEnd(WHEN))}${column}${what}${took}\n`);
    },
    progress(what) {
      if (stream.isTTY) stream.write(`${clear}${dim(what)}`);
    },
  };
}
