import { type Holder, hand, holder, letGo } from "./holder.ts";
import type { Run } from "./run.ts";
import type { Watch } from "./watch.ts";

/** A pipeline that OpenMetadata deploys: it keeps the secret that the bot held then. */
export interface Pipeline {
  id: string;
  name: string;
  deployed: boolean;
  /** Asked at each deployment: does its orchestrator refuse to take it? */
  fails: () => boolean;
  holder: Holder;
}

export interface BotUser {
  id: string;
  name: string;
  email: string;
  isAdmin: boolean;
  version: number;
  description?: string | undefined;
  updatedBy?: string | undefined;
  sso: Sso | undefined;
}

export interface Sso {
  clientId: string;
  clientSecret: string;
  authority: string;
  scopes: string[];
}

/** OpenMetadata 1.2: its bot signs in to Entra with a client secret, its pipelines pin what the bot holds. */
export interface Server {
  bot: Holder;
  pipelines: Pipeline[];
  users: Map<string, BotUser>;
  botUserId(): string;
  /** Answers success and changes nothing. */
  ignoresWrites: boolean;
  /** So long it works on the deployment of one pipeline, in milliseconds. */
  takes: number;
  /** Shows asterisks instead of the bot's secret. */
  masks: boolean;
  holders(): Holder[];
  putUser(run: Run | undefined, user: Omit<BotUser, "id" | "isAdmin" | "version" | "updatedBy">): BotUser;
  pointBot(run: Run | undefined, userId: string): void;
  /** Deploys with a secret that the bot held a moment ago. */
  deploy(run: Run | undefined, pipeline: Pipeline, snapshot: string | undefined): boolean;
}

/** @param initial a secret that somebody put there by hand before the app came */
export function openMetadata(initial: string | undefined, { now, watch }: { now: () => number; watch: Watch }): Server {
  const bot = holder("bot", "bot");
  const users = new Map<string, BotUser>();
  let botUserId = "user-0";
  const mechanism = (clientSecret: string): Sso => ({ clientId: "by hand", clientSecret, authority: "", scopes: [] });
  const sso = initial === undefined ? undefined : mechanism(initial);
  users.set("by-hand", { id: "user-0", name: "by-hand", email: "bot@example.com", isAdmin: false, version: 0.1, sso });
  if (initial !== undefined) hand(bot, initial, now());

  const refresh = (run: Run | undefined): void => {
    const user = [...users.values()].find(({ id }) => id === botUserId);
    const value = user?.sso?.clientSecret;
    if (value === undefined || value === bot.value) return;
    letGo(bot, now());
    hand(bot, value, now());
    watch.landed(run, bot);
  };
  const server: Server = {
    bot,
    pipelines: [],
    users,
    botUserId: () => botUserId,
    ignoresWrites: false,
    takes: 0,
    masks: false,
    holders: () => [bot, ...server.pipelines.filter(({ deployed }) => deployed).map((one) => one.holder)],
    putUser(run, user) {
      watch.pushed(run);
      const before = users.get(user.name);
      if (server.ignoresWrites) return before ?? { ...user, id: "user-ignored", isAdmin: false, version: 0.1 };
      // Every write counts, be it identical.
      const version = (before?.version ?? 0) + 1;
      const updatedBy = run ? "app" : "somebody";
      const stored = { ...user, id: before?.id ?? `user-${users.size}`, isAdmin: false, version, updatedBy };
      users.set(user.name, stored);
      refresh(run);
      return stored;
    },
    pointBot(run, userId) {
      if (server.ignoresWrites) return;
      botUserId = userId;
      refresh(run);
    },
    deploy(run, pipeline, snapshot) {
      if (run && pipeline.fails()) return false;
      pipeline.deployed = true;
      if (snapshot === undefined || snapshot === pipeline.holder.value) return true;
      letGo(pipeline.holder, now());
      hand(pipeline.holder, snapshot, now());
      watch.landed(run, pipeline.holder);
      return true;
    },
  };
  return server;
}
