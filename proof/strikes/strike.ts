import type { Fault, FaultEffect, IncomingRequest, Wire } from "../../local/cloud/exchange.ts";
import { fits, type Where } from "./requests.ts";

/** Requests of a kind, in the order in which they come; ingestion and the stand-ins are spared. */
export interface Meant extends Where {
  /** So many of them go well; default none. */
  skip?: number;
  /** After those only so many are struck; default all. */
  times?: number;
}

/** What befalls a request, the hit of that number, counted from 1; `undefined` lets it pass. */
export type Course = (request: IncomingRequest, hit: number) => FaultEffect | undefined;

/** A fault that counts the requests of its kind, whether or not something befell them. */
export type Strike = Fault & { hits(): number };

/** Any effect on requests of a kind. */
export function strike(
  { skip = 0, times = Number.POSITIVE_INFINITY, ...where }: Meant,
  course: FaultEffect | Course,
): Strike {
  let hits = 0;
  const fault: Fault = (request) => {
    if (!fits(request, where)) return undefined;
    hits += 1;
    if (hits <= skip || hits > skip + times) return undefined;
    return typeof course === "function" ? course(request, hits) : course;
  };
  return Object.assign(fault, { hits: () => hits });
}

/** Puts faults on the wire; the returned function takes them off. */
export function inject(wire: Wire, ...faults: Fault[]): () => void {
  wire.faults.push(...faults);
  return () => {
    wire.faults = wire.faults.filter((fault) => !faults.includes(fault));
  };
}

/** Lets the faults be at work while something runs. */
export async function amid<T>(
  { cloud }: { cloud: { wire: Wire } },
  faults: Fault | Fault[],
  run: () => Promise<T>,
): Promise<T> {
  const end = inject(cloud.wire, ...[faults].flat());
  try {
    return await run();
  } finally {
    end();
  }
}

interface Answer {
  status: number;
  /** HTML where it is text, otherwise JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Only once the service has done its work. */
  after?: boolean;
}

/** Answers instead of the service; marked, so that nobody holds it against a schema. */
export function answers(meant: Meant, { status, body = {}, headers, after }: Answer): Strike {
  return strike(meant, { kind: after ? "after" : "answer", response: () => injected(status, body, headers) });
}

/** An answer that no service documents. */
export function injected(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const isText = typeof body === "string";
  const type = isText ? "text/html" : "application/json";
  return new Response(isText ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": type, "x-injected-fault": "1", ...headers },
  });
}

/** The connection breaks before the service has seen the request. */
export function refuses(meant: Meant): Strike {
  return strike(meant, { kind: "refuse" });
}

/** The service does its work, and its answer is lost. */
export function loses(meant: Meant): Strike {
  return strike(meant, { kind: "lose" });
}

/** Something happens in the world at the moment of the request, which itself fares well. */
export function meanwhile(meant: Meant, happen: () => void): Strike {
  return strike(meant, () => {
    happen();
    return undefined;
  });
}

/** Keeps back the answer of the service until `release` is called; `reached` tells that the request has come. */
export function holds(meant: Meant): { fault: Strike; reached: Promise<void>; release: () => void } {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const response = async (original: Response): Promise<Response> => {
    reached.resolve();
    await released.promise;
    return original;
  };
  return {
    fault: strike({ times: 1, ...meant }, { kind: "after", response }),
    reached: reached.promise,
    release: () => released.resolve(),
  };
}
