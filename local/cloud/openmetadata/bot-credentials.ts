import { type Context, Hono } from "hono";
import { type Authenticated, requireAdmin } from "./caller.ts";
import { change } from "./change.ts";
import { failure, refusal } from "./refusal.ts";
import { ID, readBody } from "./request-body.ts";
import { features, type Server } from "./server.ts";
import type { User } from "./state.ts";
import { encrypted, mechanismAnswer, tokenAnswer, userAnswer } from "./user-answer.ts";
import { generateToken, revokeToken } from "./user-requests.ts";
import { userById } from "./users.ts";

/** Below `/v1/users`: the mechanisms of bots' users, and the tokens that OpenMetadata issues to them. */
export function botCredentialRoutes(server: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const by = (c: Context<Authenticated>) => ({ now: server.options.clock.now(), name: c.get("caller").name });

  routes.get(`/auth-mechanism/${ID}`, (c) => {
    const user = botUser(server, c.req.param("id"));
    requireAdmin(c);
    return c.json(user.mechanism ? mechanismAnswer(c, user.mechanism, server) : {});
  });

  routes.get(`/token/${ID}`, (c) => {
    const user = botUser(server, c.req.param("id"));
    requireAdmin(c);
    return c.json(user.mechanism?.authType === "JWT" ? tokenAnswer(user.mechanism.config, server.options) : {});
  });

  routes.put(`/generateToken/${ID}`, async (c) => {
    const { JWTTokenExpiry } = await readBody(c, generateToken);
    requireAdmin(c);
    const user = userById(server, c.req.param("id"));
    const { tokensForPeople, tokenAnswer: form } = features(server);
    if (!user.isBot && !tokensForPeople) throw refusal(400, "Generating JWT token is only supported for bot users");
    const config = server.ownKeys.issue(user, JWTTokenExpiry, server.options.clock.now());
    change(user, { mechanism: { authType: "JWT", config } }, by(c));
    return c.json(form === "encrypted" && user.isBot ? encrypted(config) : config);
  });

  routes.put("/revokeToken", async (c) => {
    const { id } = await readBody(c, revokeToken);
    requireAdmin(c);
    const user = userById(server, id);
    if (!user.isBot) throw failure("Revoke Token can only be applied to Bot Users.");
    const config = { JWTToken: "", JWTTokenExpiry: "Unlimited" } as const;
    change(user, { mechanism: { authType: "JWT", config } }, by(c));
    server.botTokens.forget(user.name);
    return c.json(userAnswer(c, user, { server, fields: [] }));
  });
  return routes;
}

function botUser(server: Server, id: string): User {
  const user = userById(server, id);
  if (!user.isBot) throw refusal(400, "JWT token is only supported for bot users");
  return user;
}
