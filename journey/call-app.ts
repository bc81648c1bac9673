import type { Clock } from "../local/clock.ts";

/** An answer of the app, read to its end. */
export interface AppAnswer {
  status: number;
  body: Record<string, unknown> & { steps?: { kind: string; target: string; because: string; state: string }[] };
}

/** Calls one of the app's HTTP functions as a pipeline would, over HTTP with a bearer token. */
export async function callApp(
  url: string,
  token: string,
  { method, path, body }: { method: "GET" | "POST"; path: string; body?: unknown },
): Promise<AppAnswer & { retryAfter: number }> {
  const response = await fetch(`${url}/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    retryAfter: Number(response.headers.get("retry-after") ?? 0),
    body: text === "" ? {} : JSON.parse(text),
  };
}

/**
 * Calls until the app has converged, as the contract asks callers to: a 202 says after how many seconds to call again.
 * All steps that were done on the way are in the answer.
 */
export async function converge(
  call: () => Promise<AppAnswer & { retryAfter: number }>,
  clock: Clock,
): Promise<AppAnswer> {
  const steps: AppAnswer["body"]["steps"] = [];
  for (let calls = 0; calls < 20; calls += 1) {
    const answer = await call();
    steps.push(...(answer.body.steps ?? []).filter(({ state }) => state === "done"));
    if (answer.status !== 202) return { status: answer.status, body: { ...answer.body, steps } };
    await clock.advance(answer.retryAfter * 1000);
  }
  throw new Error("The app did not converge in 20 calls");
}
