import type { Server } from "./server.ts";
import { type Bot, INGESTION_BOT_ROLE, newEntity, type User } from "./state.ts";

/** Adds a user past the API; the e-mail is made from the name if left out. */
export function addUser(server: Server, user: { name: string; email?: string } & Partial<User>): User {
  const { options, state } = server;
  if (state.users.some(({ name }) => name === user.name)) throw new Error(`Cannot add user "${user.name}": it exists`);
  const added: User = {
    ...newEntity(user.name, options.clock.now(), "admin"),
    email: `${user.name}@${options.principalDomain}`,
    isAdmin: false,
    isBot: false,
    deleted: false,
    roles: [],
    ...user,
  };
  state.users.push(added);
  return added;
}

/** Adds a bot with a user of the same name, which holds a token that never ends; returns the token. */
export function addBot(server: Server, bot: Pick<Bot, "name" | "provider"> & Pick<User, "isAdmin">): string {
  const now = server.options.clock.now();
  const { name, provider, isAdmin } = bot;
  const user = addUser(server, { name, isBot: true, isAdmin, roles: [INGESTION_BOT_ROLE] });
  const config = server.ownKeys.issue(user, "Unlimited", now);
  user.mechanism = { authType: "JWT", config };
  const description = provider === "system" ? "Bot used for ingesting metadata." : undefined;
  server.state.bots.push({ ...newEntity(name, now, "admin"), description, provider, userId: user.id });
  return config.JWTToken;
}

/** Makes the listed principals administrators, and those who do not exist or were deleted exist. */
export function addAdministrators(server: Server): void {
  for (const name of server.options.adminPrincipals) {
    const user = server.state.users.find((candidate) => candidate.name === name);
    if (user) Object.assign(user, { isAdmin: true, deleted: false });
    else addUser(server, { name, isAdmin: true });
  }
}
