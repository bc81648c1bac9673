import { Hono } from "hono";
import type { z } from "zod";
import { adaptiveCardMessage } from "./adaptive-card.ts";
import { cloudEvent } from "./cloud-event.ts";
import { slackMessage } from "./slack-message.ts";

/** Where a receiver gets its messages; whoever knows the path may write. */
export const RECEIVER_PATHS = {
  teams: "/workflows/0f1e/triggers/manual/paths/invoke?api-version=1&sig=K3y0fTheW0rkfl0w",
  slack: "/services/T0000/B0000/K3y0fTheWebh00k",
  events: "/events/K3y0fTheEvents",
} as const;

/** Somebody's channel. */
export type ReceiverName = keyof typeof RECEIVER_PATHS;

/** Whoever is told: a workflow of Teams, an incoming webhook of Slack, and a receiver of CloudEvents. */
export interface Receivers {
  /** Give it to `serve`. */
  app: Hono;
  /** What was taken, in order. */
  taken(name: ReceiverName): unknown[];
  /** What was refused, and why. */
  refused(): string[];
  /** Answers so instead of taking anything; undefined ends that. */
  answer(response: (() => Response) | undefined): void;
}

/** So much a workflow takes (Microsoft Learn: "Create Incoming Webhooks", 28 KB). */
const MOST_BYTES = 28 * 1024;

/** Takes what is of the published shape, and refuses the rest as the services do. Not modelled: their limits of rate. */
export function createReceivers(): Receivers {
  const taken: Record<ReceiverName, unknown[]> = { teams: [], slack: [], events: [] };
  const refused: string[] = [];
  let instead: (() => Response) | undefined;
  const app = new Hono();
  const receive = async (name: ReceiverName, request: Request): Promise<"taken" | "refused"> => {
    const { schema, type } = SHAPES[name];
    const text = await request.text();
    const faults = [
      ...((request.headers.get("content-type") ?? "").startsWith(type) ? [] : ["content-type"]),
      ...(Buffer.byteLength(text) > MOST_BYTES ? ["size"] : []),
      ...faultsIn(schema, text),
    ];
    if (faults.length === 0) taken[name].push(JSON.parse(text));
    else refused.push(`${name}: ${faults.join(", ")}`);
    return faults.length === 0 ? "taken" : "refused";
  };
  app.use("*", async (_, next) => instead?.() ?? (await next()));
  // A workflow answers before it runs, and says nothing of what is wrong with a card.
  app.post(pathOf("teams"), async (c) => {
    if (c.req.query("sig") !== signature()) return c.json({ error: { code: "DirectApiAuthorizationRequired" } }, 401);
    await receive("teams", c.req.raw);
    return c.body(null, 202);
  });
  app.post(pathOf("slack"), async (c) =>
    (await receive("slack", c.req.raw)) === "taken" ? c.text("ok") : c.text("invalid_payload", 400),
  );
  app.post(pathOf("events"), async (c) => c.body(null, (await receive("events", c.req.raw)) === "taken" ? 204 : 400));
  app.notFound((c) => c.text("no_service", 404));
  return {
    app,
    taken: (name) => [...taken[name]],
    refused: () => [...refused],
    answer(response) {
      instead = response;
    },
  };
}

const SHAPES: Record<ReceiverName, { schema: z.ZodType; type: string }> = {
  teams: { schema: adaptiveCardMessage, type: "application/json" },
  slack: { schema: slackMessage, type: "application/json" },
  events: { schema: cloudEvent, type: "application/cloudevents+json" },
};

function pathOf(name: ReceiverName): string {
  return RECEIVER_PATHS[name].split("?")[0] ?? "";
}

function signature(): string {
  return new URL(RECEIVER_PATHS.teams, "https://receiver").searchParams.get("sig") ?? "";
}

function faultsIn(schema: z.ZodType, text: string): string[] {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];
  } catch {
    return ["no JSON"];
  }
}
