import type { Context } from "hono";
import { masked, masks } from "./masking.ts";
import type { Mechanism } from "./mechanism.ts";
import { refusal } from "./refusal.ts";
import { type Authenticated, originOf, type Server } from "./server.ts";
import type { Entity, User } from "./state.ts";

const USER_FIELDS = ["profile", "roles", "teams", "follows", "owns"];

/**
 * The optional properties that a request asks for, of those that there are; of a user the mechanism is not among those
 * that can be had this way.
 */
export function requestedFields(c: Context, known: string[] = USER_FIELDS): string[] {
  const asked = (c.req.query("fields") ?? "").split(",").filter((field) => field !== "");
  if (asked.includes("*")) return known;
  const unknown = asked.find((field) => !known.includes(field));
  if (unknown) throw refusal(400, `Invalid field name ${unknown}`);
  return asked;
}

/** A user as `entity/teams/user.json` has it, without the mechanism. */
export function userAnswer(c: Context, user: User, { server, fields }: { server: Server; fields: string[] }): object {
  const optional = {
    profile: user.profile,
    roles: user.roles.map((name) => roleReference(server, name)),
    teams: [],
    follows: [],
    owns: [],
  };
  const wanted = Object.entries(optional).filter(([field]) => fields.includes(field));
  return {
    ...entityAnswer(user),
    email: user.email,
    isAdmin: user.isAdmin,
    isBot: user.isBot,
    timezone: user.timezone,
    deleted: user.deleted,
    href: `${originOf(c)}/api/v1/users/${user.id}`,
    ...Object.fromEntries(wanted),
  };
}

/** The properties that every entity is answered with. */
export function entityAnswer(entity: Entity): object {
  const { id, name, displayName, description, version, updatedAt, updatedBy } = entity;
  return { id, name, fullyQualifiedName: name, displayName, description, version, updatedAt, updatedBy };
}

/** A mechanism as this caller may see it: where the server masks, people see the mask and bots the secret. */
export function mechanismAnswer(c: Context<Authenticated>, mechanism: Mechanism, server: Server): Mechanism {
  return masks(server.options) && !c.get("caller").isBot ? masked(mechanism) : mechanism;
}

function roleReference({ state }: Server, name: string): object {
  const role = state.roles.find((candidate) => candidate.name === name);
  return { id: role?.id, type: "role", name, fullyQualifiedName: name, deleted: false };
}
