import { mechanismAfterPut } from "./bot-mechanism.ts";
import type { Caller } from "./caller.ts";
import { change } from "./change.ts";
import { notFound, refusal } from "./refusal.ts";
import { features, type Server } from "./server.ts";
import { botOfUser, DEFAULT_BOT_ROLE, INGESTION_BOT_ROLE, newEntity, type User, userNamed } from "./state.ts";
import type { CreateUser } from "./user-requests.ts";

export interface PutUser {
  user: User;
  created: boolean;
}

/**
 * `PUT /v1/users`: what the body says replaces what is stored, and what it leaves out is taken away; only the name
 * and, for bots, the roles stay. A user who was deleted softly comes back. Every put of a bot's user counts as a change
 * of its mechanism, be it identical: the stored form is encrypted anew.
 */
export function putUser(server: Server, request: CreateUser, caller: Caller): PutUser {
  const name = features(server).userNames === "lower case" ? request.name.toLowerCase() : request.name;
  const stored = userNamed(server.state, name);
  const [team] = request.teams;
  if (team) throw notFound("team", team); // no teams are modelled
  const roles = request.roles.map((id) => roleName(server, id));
  const changes: Partial<User> = {
    email: request.email,
    displayName: request.displayName,
    description: request.description,
    timezone: request.timezone,
    profile: request.profile,
    isAdmin: request.isAdmin,
    isBot: request.isBot,
    deleted: false,
    roles,
    mechanism: undefined,
  };
  if (request.isBot) {
    refuseStranger(server, request, stored);
    changes.roles = botRoles(server, request, { stored, fromBody: roles });
    changes.mechanism = mechanismAfterPut(server, { ...request, name }, stored);
  }
  const by = { now: server.options.clock.now(), name: caller.name };
  refuseTakenEmail(server, request.email, stored);
  if (stored) {
    change(stored, changes, { ...by, always: request.isBot });
    return { user: stored, created: false };
  }
  const user = { ...newEntity(name, by.now, by.name), ...changes } as User;
  server.state.users.push(user);
  return { user, created: true };
}

/** A bot may neither take over a person nor the user of another bot. */
function refuseStranger({ state }: Server, request: CreateUser, stored: User | undefined): void {
  if (!stored) return;
  if (!stored.isBot) throw refusal(400, `User [${stored.name}] already exists.`);
  const owner = botOfUser(state, stored);
  if (owner && owner.name !== request.botName) {
    throw refusal(400, `Bot user [${stored.name}] is already used by [${owner.name}] bot`);
  }
}

function botRoles(
  server: Server,
  request: CreateUser,
  known: { stored: User | undefined; fromBody: string[] },
): string[] {
  const { botRoles: rule } = features(server);
  const bot = server.state.bots.find(({ name }) => name === request.botName);
  const given = rule === "kept" || rule === "from the body";
  const initial = given && bot?.provider === "system" ? [INGESTION_BOT_ROLE] : known.fromBody;
  if (rule === "from the body" && known.stored) return known.fromBody;
  const roles = known.stored?.roles ?? initial;
  return rule === "kept, with the default bot role" ? [...new Set([...roles, DEFAULT_BOT_ROLE])] : roles;
}

function roleName({ state }: Server, id: string): string {
  const role = state.roles.find((candidate) => candidate.id === id);
  if (!role) throw notFound("role", id);
  return role.name;
}

function refuseTakenEmail({ state }: Server, email: string, stored: User | undefined): void {
  const taken = state.users.some((user) => user !== stored && user.email.toLowerCase() === email.toLowerCase());
  if (taken) throw refusal(409, "Entity already exists");
}
