import { type Context, Hono } from "hono";
import { type Authenticated, requireAdmin } from "./caller.ts";
import { page } from "./page.ts";
import { needsAdmin, patchUser, userPatch } from "./patch-user.ts";
import { putUser } from "./put-user.ts";
import { notFound, refusal } from "./refusal.ts";
import { ID, readBody, readJson, requireContentType } from "./request-body.ts";
import { features, type Server } from "./server.ts";
import { liveUser, type User } from "./state.ts";
import { mechanismAnswer, requestedFields, userAnswer } from "./user-answer.ts";
import { createUser, createUserInDomains } from "./user-requests.ts";

/** `/v1/users`: reading, putting, patching and deleting users. */
export function userRoutes(server: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const answer = (c: Context<Authenticated>, user: User) =>
    c.json(userAnswer(c, user, { server, fields: requestedFields(c) }));

  routes.get("/", (c) => {
    const wanted = (name: "isAdmin" | "isBot", user: User) =>
      [undefined, String(user[name])].includes(c.req.query(name));
    const users = server.state.users.filter(
      (user) => !user.deleted && wanted("isAdmin", user) && wanted("isBot", user),
    );
    const fields = requestedFields(c);
    return c.json(page(c, users, (user) => userAnswer(c, user, { server, fields })));
  });
  routes.get("/loggedInUser", (c) => answer(c, namedUser(server, c.get("caller").name)));
  routes.get("/name/:name", (c) => answer(c, namedUser(server, c.req.param("name"))));
  routes.get(`/${ID}`, (c) => answer(c, userById(server, c.req.param("id"))));

  routes.put("/", async (c) => {
    const request = await readBody(c, features(server).domains ? createUserInDomains : createUser);
    // People may put themselves, anything else is for administrators.
    if (request.isAdmin || request.isBot || request.name !== c.get("caller").name) requireAdmin(c);
    const { user, created } = putUser(server, request, c.get("caller"));
    // The answer to a bot's put holds its mechanism: the secret itself, in releases that do not mask.
    const shown = user.mechanism && { authenticationMechanism: mechanismAnswer(c, user.mechanism, server) };
    const body = { ...userAnswer(c, user, { server, fields: ["profile", "roles", "teams"] }), ...shown };
    return c.json(body, created ? 201 : 200);
  });

  routes.patch(`/${ID}`, async (c) => {
    requireContentType(c, "application/json-patch+json");
    const patch = userPatch.safeParse(await readJson(c));
    if (!patch.success) throw refusal(400, "Unable to process JSON");
    const user = userById(server, c.req.param("id"));
    if (needsAdmin(patch.data) || user.name !== c.get("caller").name) requireAdmin(c);
    patchUser(server, patch.data, { user, by: c.get("caller").name });
    return answer(c, user);
  });

  // One that is deleted softly is out of sight and cannot sign in; its name stays taken.
  const remove = (c: Context<Authenticated>, find: () => User) => {
    const user = find();
    // One may delete oneself.
    if (user.name !== c.get("caller").name) requireAdmin(c);
    user.deleted = true;
    if (c.req.query("hardDelete") === "true") server.state.users.splice(server.state.users.indexOf(user), 1);
    return answer(c, user);
  };
  routes.delete("/name/:name", (c) => remove(c, () => namedUser(server, c.req.param("name"))));
  routes.delete(`/${ID}`, (c) => remove(c, () => userById(server, c.req.param("id"))));
  return routes;
}

function namedUser({ state }: Server, name: string): User {
  const user = liveUser(state, name);
  if (!user) throw notFound("user", name);
  return user;
}

/** Finds a user that is not deleted, or throws the 404. */
export function userById({ state }: Server, id: string): User {
  const user = state.users.find((candidate) => candidate.id === id && !candidate.deleted);
  if (!user) throw notFound("user", id);
  return user;
}
