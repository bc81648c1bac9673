import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Order, Told } from "./instance.ts";

/** An instance of the app, seen from outside. */
export interface Instance {
  url: string;
  /** Has it look into the queue. */
  receive(queue: string): void;
  /** What its process has used so far, see `Told`. */
  usage(): Promise<Omit<Extract<Told, { kind: "usage" }>, "kind">>;
  /** Called with each run that has ended. */
  onTold: ((told: Told) => void)[];
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL("instance.ts", import.meta.url));

/** Starts a process and the app in it; ends when the app's functions run. */
export async function startInstance(how: Omit<Extract<Order, { kind: "start" }>, "kind">): Promise<Instance> {
  const child = fork(program, { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const onTold: Instance["onTold"] = [];
  child.on("message", (told: Told) => {
    for (const listener of [...onTold]) listener(told);
  });
  const order = (given: Order): void => void child.send(given);
  order({ kind: "start", ...how });
  const { url } = await answerOf(child, onTold, "ready");
  return {
    url,
    onTold,
    receive: (queue) => order({ kind: "receive", queue }),
    usage() {
      const answer = answerOf(child, onTold, "usage");
      order({ kind: "usage" });
      return answer;
    },
    async stop() {
      const gone = once(child, "exit");
      order({ kind: "stop" });
      await gone;
    },
  };
}

function answerOf<Kind extends Told["kind"]>(child: ChildProcess, onTold: Instance["onTold"], kind: Kind) {
  return new Promise<Extract<Told, { kind: Kind }>>((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`An instance ended early, with exit code ${code}`));
    child.once("exit", ended);
    const listener = (told: Told): void => {
      if (told.kind !== kind) return;
      child.off("exit", ended);
      onTold.splice(onTold.indexOf(listener), 1);
      resolve(told as Extract<Told, { kind: Kind }>);
    };
    onTold.push(listener);
  });
}
