import type { Context } from "hono";
import { z } from "zod";
import type { Authenticated } from "./caller.ts";
import { refuse } from "./refusal.ts";

const MOST = 20;
const single = z.object({
  id: z.string().min(1),
  method: z.enum(["GET", "POST", "PATCH", "PUT", "DELETE", "get", "post", "patch", "put", "delete"]),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
});
const batch = z.object({ requests: z.array(single).min(1).max(MOST) });

type Single = z.infer<typeof single>;

interface Answered {
  id: string;
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

/**
 * `POST /$batch`: up to 20 requests in one, each answered by itself, those that depend on others after them (Microsoft
 * Learn: "Combine multiple HTTP requests using JSON batching"). Without dependencies Graph promises no order.
 */
export async function answerBatch(
  c: Context<Authenticated>,
  answer: (request: Request) => Promise<Response> | Response,
): Promise<Response> {
  const parsed = batch.safeParse(await c.req.json().catch(() => undefined));
  const ids = parsed.success ? parsed.data.requests.map(({ id }) => id) : [];
  if (!parsed.success || new Set(ids).size < ids.length) {
    throw refuse(400, "BadRequest", "Invalid batch payload format.");
  }
  const answered = new Map<string, Answered>();
  for (const one of parsed.data.requests) {
    const failed = one.dependsOn.some((id) => (answered.get(id)?.status ?? 400) >= 400);
    answered.set(one.id, failed ? dependencyFailed(one) : await answerSingle(c, one, answer));
  }
  return c.json({ responses: [...answered.values()] });
}

async function answerSingle(
  c: Context<Authenticated>,
  { id, method, url, headers, body }: Single,
  answer: (request: Request) => Promise<Response> | Response,
): Promise<Answered> {
  const address = `${new URL(c.req.url).origin}/v1.0/${url.replace(/^\//, "")}`;
  const authorization = c.req.header("authorization") ?? "";
  const response = await answer(
    new Request(address, {
      method: method.toUpperCase(),
      headers: { ...headers, authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return {
    id,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(text === "" ? {} : { body: /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : text }),
  };
}

function dependencyFailed({ id }: Single): Answered {
  const error = { code: "FailedDependency", message: "A request that this one depends on has failed." };
  return { id, status: 424, headers: {}, body: { error } };
}
