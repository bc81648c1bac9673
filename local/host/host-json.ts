import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HostFault } from "./host-fault.ts";
import type { RequestLimits } from "./request-limit.ts";

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
    })
    .optional(),
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
}

/** Reads host.json (Microsoft Learn: "host.json reference for Azure Functions 2.x and later"); throws when it is none. */
export function readHostJson(root: string): HostJson {
  const path = join(root, "host.json");
  try {
    const file = File.parse(JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, "")));
    const http = file.extensions?.http;
    return {
      routePrefix: (http?.routePrefix ?? "api").replace(/^\/+|\/+$/g, ""),
      customHeaders: http?.customHeaders ?? {},
      limits: { running: limit(http?.maxConcurrentRequests), outstanding: limit(http?.maxOutstandingRequests) },
      hasExtensionBundle: file.extensionBundle !== undefined,
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
