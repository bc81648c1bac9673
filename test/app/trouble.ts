import type { Fault, FaultEffect, IncomingRequest, Service } from "../../local/cloud/exchange.ts";
import type { App } from "./app.ts";

/** Requests of the app that something happens to. Those of ingestion are never meant: whether it is served is measured. */
export interface Meant {
  service: Service;
  method?: string;
  path?: RegExp;
  /** Only so many of them, the first ones; default all. */
  times?: number;
}

/** Answers instead of the service, or, `after`, once the service has done its work. */
export function answers(meant: Meant, answer: Answer): Fault {
  const response = (): Response => {
    const json = typeof answer.body !== "string";
    return new Response(json ? JSON.stringify(answer.body ?? {}) : (answer.body as string), {
      status: answer.status,
      headers: {
        "content-type": json ? "application/json" : "text/html",
        "x-injected-fault": "1",
        ...answer.headers,
      },
    });
  };
  return befalls(meant, () => (answer.after ? { kind: "after", response } : { kind: "answer", response }));
}

interface Answer {
  status: number;
  /** HTML where it is text, otherwise JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  after?: boolean;
}

/** The connection breaks before the service has seen the request. */
export function refuses(meant: Meant): Fault {
  return befalls(meant, () => ({ kind: "refuse" }));
}

/** The service does its work, and its answer is lost. */
export function loses(meant: Meant): Fault {
  return befalls(meant, () => ({ kind: "lose" }));
}

/** Something happens in the world at the moment of the request, which itself fares well. */
export function meanwhile(meant: Meant, happen: () => void): Fault {
  return befalls(meant, () => {
    happen();
    return undefined;
  });
}

/** Keeps back the answer of the service until `release` is called; `reached` tells that the request has come. */
export function holds(meant: Meant): { fault: Fault; reached: Promise<void>; release: () => void } {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const response = async (original: Response): Promise<Response> => {
    reached.resolve();
    await released.promise;
    return original;
  };
  return {
    fault: befalls({ times: 1, ...meant }, () => ({ kind: "after", response })),
    reached: reached.promise,
    release: () => released.resolve(),
  };
}

function befalls({ times = Number.POSITIVE_INFINITY, ...meant }: Meant, effect: () => FaultEffect | undefined): Fault {
  let left = times;
  return (request) => {
    if (left === 0 || !matches(meant, request)) return undefined;
    left -= 1;
    return effect();
  };
}

function matches({ service, method, path }: Meant, request: IncomingRequest): boolean {
  if (request.service !== service || request.headers.get("user-agent") === "openmetadata-ingestion") return false;
  return (method ?? request.method) === request.method && (path?.test(decodeURIComponent(request.path)) ?? true);
}

/** Lets the faults be at work while something runs. */
export async function amid<T>({ cloud }: App, faults: Fault | Fault[], run: () => Promise<T>): Promise<T> {
  const { wire } = cloud;
  const added = [faults].flat();
  wire.faults.unshift(...added);
  try {
    return await run();
  } finally {
    wire.faults = wire.faults.filter((fault) => !added.includes(fault));
  }
}

/** Runs the timer function once; tells whether it succeeded. */
export function runTimer({ host }: App): Promise<boolean> {
  return host.runTimer("rotate-on-schedule");
}

/** What the handlers have said from a place in the log on, with their errors. */
export function said({ log }: App, since = 0): string {
  return log
    .slice(since)
    .filter(({ category, level }) => category.endsWith(".User") || level === "error")
    .map(({ message }) => message)
    .join("\n");
}

/** Signs in at Entra with a client secret of the ingestion registration, as anyone could. */
export async function signsIn({ cloud }: App, value: string): Promise<boolean> {
  const [server, ingestion] = ["openmetadata-server", "openmetadata-ingestion"].map((name) =>
    cloud.directory.applications().find(({ uniqueName }) => uniqueName === name),
  );
  const answer = await fetch(`${cloud.urls.entra}/${cloud.directory.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ingestion?.appId ?? "",
      client_secret: value,
      scope: `api://${server?.appId}/.default`,
    }),
  });
  await answer.text();
  return answer.status === 200;
}

/** Removes all but the current client secret, so that a test does not stand at the limit of five because of others. */
export function removeReplaced(app: App): void {
  for (const { keyId } of app.inEntra()) {
    if (keyId !== app.latest()?.tags.keyId) app.cloud.directory.removePasswordByHand(keyId);
  }
}
