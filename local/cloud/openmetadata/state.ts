import { randomUUID } from "node:crypto";
import type { Mechanism } from "./mechanism.ts";
import type { Runnable } from "./runs.ts";

/** What every entity carries. `version` grows by 0.1 with each change; `updatedAt` is in epoch milliseconds. */
export interface Entity {
  id: string;
  name: string;
  displayName?: string | undefined;
  description?: string | undefined;
  version: number;
  updatedAt: number;
  updatedBy: string;
}

export interface User extends Entity {
  email: string;
  isAdmin: boolean;
  isBot: boolean;
  deleted: boolean;
  /** Names of roles. */
  roles: string[];
  timezone?: string | undefined;
  profile?: object | undefined;
  mechanism?: Mechanism | undefined;
}

export interface Bot extends Entity {
  provider: "system" | "user";
  userId: string;
}

export interface Pipeline extends Entity, Runnable {
  /** Whether the runner refuses to deploy it. */
  deployFails: boolean;
}

/** Everything that the server would keep in its database. */
export interface State {
  users: User[];
  bots: Bot[];
  pipelines: Pipeline[];
  /** The roles that exist; a user has them by name. */
  roles: { id: string; name: string }[];
}

/** The bot as which OpenMetadata's own ingestion runs. */
export const INGESTION_BOT = "ingestion-bot";
/** The role of that bot, and the one that later releases give to every bot. */
export const INGESTION_BOT_ROLE = "IngestionBotRole";
export const DEFAULT_BOT_ROLE = "DefaultBotRole";

/** A database with the roles of a fresh installation in it. */
export function emptyState(): State {
  const roles = [INGESTION_BOT_ROLE, DEFAULT_BOT_ROLE, "DataConsumer", "DataSteward"];
  return { users: [], bots: [], pipelines: [], roles: roles.map((name) => ({ id: randomUUID(), name })) };
}

/** The first version of an entity. */
export function newEntity(name: string, now: Date, updatedBy: string): Entity {
  return { id: randomUUID(), name, version: 0.1, updatedAt: now.getTime(), updatedBy };
}

/** All pipelines belong to one database service. */
export function pipelineFqn({ name }: Pick<Pipeline, "name">): string {
  return `warehouse.${name}`;
}

/** The user that a bot acts as. */
export function userOfBot(state: State, botName: string): User | undefined {
  const bot = state.bots.find((candidate) => candidate.name === botName);
  return bot && state.users.find((user) => user.id === bot.userId);
}

/** The bot that acts as this user; a user belongs to one at most. */
export function botOfUser(state: State, user: User): Bot | undefined {
  return state.bots.find((bot) => bot.userId === user.id);
}

/** Finds a user that is not deleted, by a name in any case. */
export function liveUser(state: State, name: string): User | undefined {
  const user = userNamed(state, name);
  return user?.deleted ? undefined : user;
}

/** Finds a user, deleted softly or not, by a name in any case. */
export function userNamed(state: State, name: string): User | undefined {
  return state.users.find((user) => user.name.toLowerCase() === name.toLowerCase());
}
