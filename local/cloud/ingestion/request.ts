import { Agent, request } from "node:https";

export interface Answer {
  status: number;
  body: string;
}

export interface Sent {
  method: "GET" | "POST";
  headers: Record<string, string>;
  body?: string;
}

/** A server that hangs must not stop the clock for ever; in real milliseconds. */
const PATIENCE = 10_000;

const agent = new Agent({ keepAlive: true });

/**
 * One request over a connection that is kept, without a second try of any kind. The year of a simulation is a
 * hundred thousand of them, for which Node's own client needs a third less time than `fetch`.
 */
export function send(url: string, { method, headers, body }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent, timeout: PATIENCE }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: text }));
      answer.on("error", reject);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", reject);
    sent.end(body);
  });
}
