import { z } from "zod";
import { type Answer, type HostRequest, header } from "./exchange.ts";
import type { HostFunction } from "./index-functions.ts";

const Body = z.object({ input: z.string().nullish() });

interface Runner {
  /** From the path, in lower case: the name of a function is case-insensitive here. */
  name: string;
  functions: HostFunction[];
  start: (hostFunction: HostFunction, input: string) => void;
}

/**
 * `POST /admin/functions/NAME` with `{}` or `{"input": "text"}`: 202 at once, whatever becomes of the run (Microsoft
 * Learn: "Manually run a non HTTP-triggered function").
 */
export function runByAdmin(request: HostRequest, { name, functions, start }: Runner): Answer {
  if (!/^application\/json\b/i.test(header(request, "content-type") ?? "")) return { status: 415 };
  const input = inputOf(request.body.toString("utf8"));
  if (input === undefined) return { status: 400 };
  const hostFunction = functions.find((other) => other.name.toLowerCase() === name);
  if (!hostFunction) return { status: 404 };
  start(hostFunction, input);
  return { status: 202 };
}

function inputOf(body: string): string | undefined {
  try {
    const parsed = Body.safeParse(JSON.parse(body));
    return parsed.success ? (parsed.data.input ?? "") : undefined;
  } catch {
    return undefined;
  }
}
