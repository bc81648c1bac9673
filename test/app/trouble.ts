import { afterEach, expect } from "vitest";
import type { Fault, FaultEffect, IncomingRequest, Service } from "../../local/cloud/exchange.ts";
import { type App, HOUR } from "./app.ts";

/** Requests of the app that something happens to. Those of others are never meant: whether they are served is measured. */
export interface Meant {
  service: Service;
  method?: string;
  path?: RegExp;
  /** So many of them go well; default none. */
  skip?: number;
  /** After those only so many are meant; default all. */
  times?: number;
}

/** Answers instead of the service, or, `after`, once the service has done its work. */
export function answers(where: Meant, answer: Answer): Fault {
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
  return meant(where, () => (answer.after ? { kind: "after", response } : { kind: "answer", response }));
}

interface Answer {
  status: number;
  /** HTML where it is text, otherwise JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  after?: boolean;
}

/** The connection breaks before the service has seen the request. */
export function refuses(where: Meant): Fault {
  return meant(where, () => ({ kind: "refuse" }));
}

/** The service does its work, and its answer is lost. */
export function loses(where: Meant): Fault {
  return meant(where, () => ({ kind: "lose" }));
}

/** Something happens in the world at the moment of the request, which itself fares well. */
export function meanwhile(where: Meant, happen: () => void): Fault {
  return meant(where, () => {
    happen();
    return undefined;
  });
}

/** Keeps back the answer of the service until `release` is called; `reached` tells that the request has come. */
export function holds(where: Meant): { fault: Fault; reached: Promise<void>; release: () => void } {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const response = async (original: Response): Promise<Response> => {
    reached.resolve();
    await released.promise;
    return original;
  };
  return {
    fault: meant({ times: 1, ...where }, () => ({ kind: "after", response })),
    reached: reached.promise,
    release: () => released.resolve(),
  };
}

/** Any effect on requests of the app. */
export function meant(where: Meant, effect: (request: IncomingRequest) => FaultEffect | undefined): Fault {
  const { skip = 0, times = Number.POSITIVE_INFINITY } = where;
  let seen = 0;
  return (request) => {
    if (!matches(where, request)) return undefined;
    seen += 1;
    return seen > skip && seen <= skip + times ? effect(request) : undefined;
  };
}

function matches({ service, method, path }: Meant, request: IncomingRequest): boolean {
  const others = ["openmetadata-ingestion", "openmetadata-server", "app-service"];
  if (request.service !== service || others.includes(request.headers.get("user-agent") ?? "")) return false;
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

/** After each test of the file: the timer has finished what was begun amid trouble, and ingestion has noticed nothing. */
export function endsWell(app: () => App): void {
  afterEach(async () => {
    await app().clock.advance(3 * HOUR);
    expect(app().held()).toBe(app().latest()?.value);
    expect(app().latest()?.tags.confirmedOn).toBeDefined();
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    removeReplaced(app());
  });
}
