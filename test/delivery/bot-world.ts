import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { signIn } from "../../shared/clients/entra/sign-in.ts";
import { bots } from "../../shared/clients/open-metadata/bots.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { pipelines } from "../../shared/clients/open-metadata/pipelines.ts";
import { system } from "../../shared/clients/open-metadata/system.ts";
import { ingestion } from "../../shared/delivery/ingestion.ts";
import type { Ports } from "../../shared/delivery/ports.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Handed } from "../../shared/rotation/client-secret/ports.ts";
import { openWorld, type World } from "../local/openmetadata-world.ts";

export const SCOPE = "api://server/.default";

/** A bot of a server, both reached through the real clients over HTTPS, and how ingestion's secret is pushed to it. */
export interface BotWorld extends World {
  log: LogEvent[];
  /** May be changed before a push. */
  ports: Ports;
  push(change?: Partial<Handed>): ReturnType<ReturnType<typeof ingestion>["push"]>;
  bot(): ReturnType<World["openMetadata"]["bots"]>[number] | undefined;
  botUser(): ReturnType<World["openMetadata"]["users"]>[number] | undefined;
  /** Lines such as `PUT /api/v1/users` that changed something, oldest first. */
  writes: string[];
}

export async function openBotWorld(changes: Partial<OpenMetadataOptions> = {}): Promise<BotWorld> {
  const world = await openWorld({ release: "1.2.2", ...changes });
  const { clock, tenant, authority, openMetadata } = world;
  const log: LogEvent[] = [];
  const writes: string[] = [];
  world.faults.push(({ service, method, path }) => {
    if (service === "openmetadata" && method !== "GET") writes.push(`${method} ${path}`);
    return undefined;
  });
  const calls = openMetadataCalls(world.url, async () => world.admin);
  const signInAt = signIn(authority);
  const ports: Ports = {
    deployment: {
      name: "production",
      openMetadataUrl: "https://metadata.example.com",
      botName: "ingestion-bot",
      botCredential: "auto",
      principalDomain: "default.example",
    },
    openMetadata: { ...system(calls), ...bots(calls), ...pipelines(calls) },
    readWithinHours: 24,
    usesOwnToken: false,
    vault: "openmetadata-kv",
    ownObjectId: async () => "own",
    keysUrl: `${authority}/keys`,
    authority,
    scope: async () => SCOPE,
    hadToken: async () => false,
    signIn: (clientId, clientSecret) => signInAt({ clientId, clientSecret, scope: SCOPE }),
    now: () => clock.now(),
    log: (event) => void log.push(event),
  };
  const bot = () => openMetadata.bots().find(({ name }) => name === "ingestion-bot");
  return {
    ...world,
    log,
    ports,
    writes,
    bot,
    botUser: () => openMetadata.users().find(({ id }) => id === bot()?.userId),
    push: (change = {}) =>
      ingestion(ports).push({
        appId: tenant.client.id,
        value: tenant.client.secret,
        version: "v1",
        storedOn: clock.now(),
        again: false,
        urgent: false,
        endsOn: new Date(clock.now().getTime() + 480_000),
        ...change,
      }),
  };
}
