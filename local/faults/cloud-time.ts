import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import type { Clock } from "../clock.ts";

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

/** Gives the bundle its clock; returns a function that takes it away. */
export function installCloudTime(clock: Clock): () => void {
  globalThis.cloudPause = (job, milliseconds) => void clock.advance(milliseconds).then(job);
  globalThis.cloudTimeout = (milliseconds) => {
    const controller = new AbortController();
    clock.at(new Date(clock.now().getTime() + milliseconds), () => {
      controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    });
    return controller.signal;
  };
  return () => {
    globalThis.cloudPause = undefined;
    globalThis.cloudTimeout = undefined;
  };
}
