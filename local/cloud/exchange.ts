/** The stand-ins, by the name under which their traffic is recorded. */
export type Service =
  | "entra"
  | "graph"
  | "key-vault"
  | "event-grid"
  | "openmetadata"
  | "arm"
  | "storage-queue"
  | "storage-blob"
  | "receivers";

/** A request as it came in, before a stand-in has seen it. `path` is the raw request target, query included. */
export interface IncomingRequest {
  service: Service;
  method: string;
  path: string;
  headers: Headers;
  body: string;
}

/** One request and its answer, as both went over the wire. */
export interface Exchange extends IncomingRequest {
  status: number;
  answerHeaders: Headers;
  answerBody: string;
}

/**
 * What a fault does to a request. `answer` replaces the stand-in's answer without the stand-in seeing the request;
 * `lose` lets the stand-in do its work and then cuts the connection; `refuse` cuts it before; `repeat` gives the
 * stand-in the same request twice and answers with the second answer; `after` lets it work, then answers otherwise. A
 * promised answer is waited for, so that a fault can let time pass.
 */
export type FaultEffect =
  | { kind: "answer"; response: () => Response | Promise<Response> }
  | { kind: "after"; response: (original: Response) => Response | Promise<Response> }
  | { kind: "lose" }
  | { kind: "refuse" }
  | { kind: "repeat" };

/** Asked about every request; `undefined` means that nothing is wrong with this one. */
export type Fault = (request: IncomingRequest) => FaultEffect | undefined;

/** What every stand-in is served with. */
export interface Wire {
  faults: Fault[];
  /** Called with each exchange after its answer is complete; what it throws ends up in `violations` of the cloud. */
  onExchange: ((exchange: Exchange) => void)[];
}
