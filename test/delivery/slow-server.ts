import type { Deployed, OpenMetadata, Pipeline } from "../../shared/delivery/ports.ts";
import { redeploy } from "../../shared/delivery/redeploy.ts";
import { UpstreamError } from "../../shared/errors.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Notebook, Progress } from "../../shared/rotation/progress.ts";

/** A server that deploys one pipeline after the other, and goes on when its caller has hung up. */
export function slowServer({ pipelines, takes }: { pipelines: number; takes: number }) {
  const all: Pipeline[] = Array.from({ length: pipelines }, (_, index) => {
    const id = String(index + 1).padStart(4, "0");
    return { id, name: `pipeline ${id}`, deployed: true };
  });
  const server = {
    time: Date.UTC(2031, 2, 3, 12),
    all,
    broken: new Set<string>(),
    /** So long these take. */
    slow: new Map<string, number>(),
    /** What stands before the server gives a call up after so long. */
    gateway: undefined as { status: number; after: number } | undefined,
    calls: [] as { ids: string[]; on: number; deadline: number }[],
    log: [] as string[],
    times: (id: string) => server.calls.filter(({ ids }) => ids.includes(id)).length,
    openMetadata: {
      pipelines: async () => all,
      async deploy(batch: readonly Pipeline[], deadline: number): Promise<Deployed[]> {
        server.calls.push({ ids: batch.map(({ id }) => id), on: server.time, deadline });
        const needs = batch.reduce((sum, { id }) => sum + (server.slow.get(id) ?? takes), 0);
        const { status, after } = server.gateway ?? { status: 0, after: deadline };
        const most = Math.min(deadline, after);
        server.time += Math.min(needs, most);
        if (needs > most)
          throw new UpstreamError("hung up", { service: "OpenMetadata", status: after < deadline ? status : 0 });
        return batch.map(({ id, name }) => ({ pipeline: name, ok: !server.broken.has(id), reason: "broken" }));
      },
    } satisfies Pick<OpenMetadata, "pipelines" | "deploy">,
    /** One run; what it leaves is the next one's, as a message would carry it. */
    async run({ budget, told, was }: { budget: number; told?: Progress | undefined; was?: number }) {
      const notebook: Notebook = { told };
      const endsOn = new Date(server.time + budget);
      const ports = {
        openMetadata: server.openMetadata,
        log: ({ message }: LogEvent) => void server.log.push(message),
        now,
      };
      const how = { endsOn, of: "version", notebook, ...(was === undefined ? {} : { was, as: was }) };
      const outcome = await redeploy(ports, "Cannot push", how).catch((error: Error) => error);
      return { outcome, left: notebook.left };
    },
  };
  const now = () => new Date(server.time);
  return server;
}
