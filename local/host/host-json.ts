import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HostFault } from "./host-fault.ts";
import type { RequestLimits } from "./request-limit.ts";

/** `hh:mm:ss`, in milliseconds. */
const timeSpan = z
  .string()
  .regex(/^\d\d:[0-5]\d:[0-5]\d$/)
  .transform((text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);

const File = z.looseObject({
  version: z.literal("2.0").default("2.0"),
  extensions: z
    .looseObject({
      http: z
        .looseObject({
          routePrefix: z.string().optional(),
          customHeaders: z.record(z.string(), z.string()).optional(),
          maxConcurrentRequests: z.int().default(-1),
          maxOutstandingRequests: z.int().default(-1),
        })
        .optional(),
      queues: z
        .looseObject({
          batchSize: z.number().int().min(1).max(32).default(16),
          newBatchThreshold: z.number().int().min(0).optional(),
          maxDequeueCount: z.number().int().min(1).default(5),
          visibilityTimeout: timeSpan.default(0),
          maxPollingInterval: timeSpan.default(60_000),
          messageEncoding: z.enum(["base64", "none"]).default("base64"),
        })
        .prefault({}),
    })
    .prefault({}),
  extensionBundle: z.looseObject({ id: z.string(), version: z.string() }).optional(),
});

/** The part of host.json that this host obeys. */
export interface HostJson {
  /** Before every route; empty puts the functions at the root. No slash at either end. */
  routePrefix: string;
  /** On every answer, also on 404 and 500. */
  customHeaders: Record<string, string>;
  limits: RequestLimits;
  /** Without a bundle there is no Event Grid trigger; HTTP and timer are built in. */
  hasExtensionBundle: boolean;
  queues: QueueSettings;
}

/** How queue functions are fed; times in milliseconds. `visibilityTimeout` is the pause before another attempt. */
export interface QueueSettings {
  batchSize: number;
  newBatchThreshold: number;
  maxDequeueCount: number;
  visibilityTimeout: number;
  maxPollingInterval: number;
  messageEncoding: "base64" | "none";
}

/** Reads host.json (Microsoft Learn: "host.json reference for Azure Functions 2.x and later"); throws when it is none. */
export function readHostJson(root: string): HostJson {
  const path = join(root, "host.json");
  try {
    const file = File.parse(JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, "")));
    const { http, queues } = file.extensions;
    return {
      routePrefix: (http?.routePrefix ?? "api").replace(/^\/+|\/+$/g, ""),
      customHeaders: http?.customHeaders ?? {},
      limits: { running: limit(http?.maxConcurrentRequests), outstanding: limit(http?.maxOutstandingRequests) },
      hasExtensionBundle: file.extensionBundle !== undefined,
      queues: { ...queues, newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2) },
    };
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new HostFault(`Cannot read "${path}": ${reason}`, { cause });
  }
}

/** A negative number stands for "no limit", which is also the default outside the Consumption plan. */
function limit(number = -1): number {
  return number < 0 ? Number.POSITIVE_INFINITY : number;
}
