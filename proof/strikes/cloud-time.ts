import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import type { Clock } from "../../local/clock.ts";
import type { Wire } from "../../local/cloud/exchange.ts";

declare global {
  /** Stands for `AbortSignal.timeout` in a bundle made with `onCloudTime`. */
  var cloudTimeout: ((milliseconds: number) => AbortSignal) | undefined;
  /** Stands for `setTimeout` where an SDK waits before it tries again. */
  var cloudPause: ((job: () => void, milliseconds: number) => void) | undefined;
}

/** Where Microsoft's clients wait between their own attempts: Graph's, and the core that Key Vault's is built on. */
const PAUSES = /[\\/](middleware[\\/]RetryHandler|util[\\/]helpers|core-util[\\/]dist[\\/]esm[\\/]delay)\.js$/;

/**
 * Makes the app's time-outs, and the pauses of its SDKs, pass on the clock of the local cloud: a service that answers
 * after a minute is then given up when it really would be, and nobody waits for it.
 */
export const onCloudTime: Plugin = {
  name: "on-cloud-time",
  setup({ initialOptions, onLoad }) {
    initialOptions.define = { ...initialOptions.define, "AbortSignal.timeout": "globalThis.cloudTimeout" };
    onLoad({ filter: PAUSES }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replace(/\bsetTimeout\(/g, "globalThis.cloudPause("), loader: "js" };
    });
  },
};

/** Lets so many milliseconds pass while a request is being answered. */
export type Hold = (milliseconds: number) => Promise<void>;

/**
 * Gives the bundle its clock. Time passes only while no other request is on its way, so that one which takes a
 * millisecond is not given up because something else waits for a minute.
 */
export function installCloudTime(clock: Clock, wire: Wire): { hold: Hold; uninstall: () => void } {
  const { advance } = clock;
  let busy = 0;
  wire.faults.unshift(({ service }) => {
    if (service !== "event-grid") busy += 1;
    return undefined;
  });
  wire.onExchange.push(({ service }) => {
    if (service !== "event-grid") busy -= 1;
  });
  clock.advance = async (milliseconds) => {
    while (busy > 0) await breathe();
    await advance(milliseconds);
  };
  globalThis.cloudPause = (job, milliseconds) => {
    // What runs beside the paused request may be just about to send one.
    void breathe()
      .then(() => clock.advance(milliseconds))
      .then(job);
  };
  globalThis.cloudTimeout = (milliseconds) => {
    const controller = new AbortController();
    clock.at(new Date(clock.now().getTime() + milliseconds), () => {
      controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    });
    return controller.signal;
  };
  return {
    async hold(milliseconds) {
      busy -= 1;
      await clock.advance(milliseconds);
      busy += 1;
    },
    uninstall() {
      clock.advance = advance;
      globalThis.cloudPause = undefined;
      globalThis.cloudTimeout = undefined;
    },
  };
}

/** A few turns of the event loop, in which whatever is under way comes further. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 4));
}
