import { randomBytes } from "node:crypto";
import { type Context, Hono } from "hono";
import { requireAdmin } from "./caller.ts";
import { change } from "./change.ts";
import { refusal } from "./refusal.ts";
import { readBody } from "./request-body.ts";
import type { Authenticated, Server } from "./server.ts";
import type { User } from "./state.ts";
import { mechanismAnswer, userAnswer } from "./user-answer.ts";
import { generateToken, revokeToken } from "./user-requests.ts";
import { userById } from "./users.ts";

/** Below `/v1/users`: the mechanisms of bots' users, and the tokens that OpenMetadata issues to them. */
export function botCredentialRoutes(server: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const by = (c: Context<Authenticated>) => ({ now: server.options.clock.now(), name: c.get("caller").name });

  routes.get("/auth-mechanism/:id", (c) => {
    const user = botUser(server, c.req.param("id"));
    requireAdmin(c);
    return c.json(user.mechanism ? mechanismAnswer(c, user.mechanism, server) : {});
  });

  routes.get("/token/:id", (c) => {
    const user = botUser(server, c.req.param("id"));
    requireAdmin(c);
    return c.json(user.mechanism?.authType === "JWT" ? user.mechanism.config : {});
  });

  routes.put("/generateToken/:id", async (c) => {
    const { JWTTokenExpiry } = await readBody(c, generateToken);
    requireAdmin(c);
    // Whether the real server minds a person here is unverified; a token would be of no use to one.
    const user = botUser(server, c.req.param("id"));
    const config = server.ownKeys.issue(user, JWTTokenExpiry, server.options.clock.now());
    change(user, { mechanism: { authType: "JWT", config } }, by(c));
    if (!server.options.encryptedTokenAnswer) return c.json(config);
    return c.json({ ...config, JWTToken: `fernet:gAAAAA${randomBytes(48).toString("base64url")}` });
  });

  routes.put("/revokeToken", async (c) => {
    const { id } = await readBody(c, revokeToken);
    requireAdmin(c);
    const user = userById(server, id);
    if (!user.isBot) throw refusal(500, "Revoke Token can only be applied to Bot Users.");
    // The real server leaves the expiry out; its own schema requires it.
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
