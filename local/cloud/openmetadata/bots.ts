import { type Context, Hono } from "hono";
import { z } from "zod";
import { type Authenticated, requireAdmin } from "./caller.ts";
import { change } from "./change.ts";
import { notFound, refusal } from "./refusal.ts";
import { readBody } from "./request-body.ts";
import { features, originOf, type Server } from "./server.ts";
import { type Bot, botOfUser, newEntity, type User } from "./state.ts";
import { entityAnswer } from "./user-answer.ts";
import { entityName } from "./user-requests.ts";

const common = {
  name: entityName,
  displayName: z.string().optional(),
  description: z.string().optional(),
  provider: z.enum(["system", "user"]).default("user"),
};
/** `createBot.json` by the release's `botUserShape`; what `botUser` says becomes a finder of that user. */
const createBot = {
  name: z.strictObject({ ...common, botUser: z.string().transform((name) => (user: User) => user.name === name) }),
  object: z.strictObject({
    ...common,
    botUser: z
      .strictObject({
        id: z.guid(),
        type: z.literal("user"),
        name: z.string().optional(),
        fullyQualifiedName: z.string().optional(),
        displayName: z.string().optional(),
        description: z.string().optional(),
        deleted: z.boolean().optional(),
        href: z.string().optional(),
      })
      .transform(
        ({ id }) =>
          (user: User) =>
            user.id === id,
      ),
  }),
};

/** `/v1/bots`: which user a bot acts as. */
export function botRoutes(server: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();

  routes.get("/name/:name", (c) => {
    const include = c.req.query("include") ?? "non-deleted";
    const bot = server.state.bots.find(({ name }) => name === c.req.param("name"));
    if (!bot || include === "deleted") throw notFound("bot", c.req.param("name"));
    return c.json(botAnswer(c, bot, server));
  });

  routes.put("/", async (c) => {
    const { botUserShape, domains } = features(server);
    const known = domains ? { domains: z.unknown().optional() } : {};
    const request = await readBody(c, createBot[botUserShape].extend(known));
    requireAdmin(c);
    const stored = server.state.bots.find(({ name }) => name === request.name);
    const user = server.state.users.find((candidate) => !candidate.deleted && request.botUser(candidate));
    if (!user) throw notFound("user", "the bot");
    refuseStranger(server, user, stored);
    const by = { now: server.options.clock.now(), name: c.get("caller").name };
    const { displayName, description } = request;
    const provider = stored?.provider ?? request.provider;
    const bot = stored ?? { ...newEntity(request.name, by.now, by.name), provider, userId: user.id };
    if (stored) change(stored, { displayName, description, userId: user.id }, by);
    else server.state.bots.push({ ...bot, displayName, description });
    return c.json(botAnswer(c, bot, server), stored ? 200 : 201);
  });
  return routes;
}

function refuseStranger({ state }: Server, user: User, bot: Bot | undefined): void {
  if (!user.isBot) throw refusal(400, `User [${user.name}] is not a bot user`);
  const owner = botOfUser(state, user);
  if (owner && owner !== bot) throw refusal(400, `Bot user [${user.name}] is already used by [${owner.name}] bot`);
}

function botAnswer(c: Context, bot: Bot, { state }: Server): object {
  const user = state.users.find(({ id }) => id === bot.userId);
  const api = `${originOf(c)}/api/v1`;
  return {
    ...entityAnswer(bot),
    botUser: {
      id: bot.userId,
      type: "user",
      name: user?.name,
      fullyQualifiedName: user?.name,
      displayName: user?.displayName,
      deleted: user?.deleted ?? true,
      href: `${api}/users/${bot.userId}`,
    },
    provider: bot.provider,
    deleted: false,
    href: `${api}/bots/${bot.id}`,
  };
}
