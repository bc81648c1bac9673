import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import type { Authenticated } from "./caller.ts";
import { masked, masks } from "./masking.ts";
import type { Mechanism, TokenConfig } from "./mechanism.ts";
import { refusal } from "./refusal.ts";
import { originOf, type Server } from "./server.ts";
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
    roles: user.roles.map((name) => roleReference(c, server, name)),
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
export function mechanismAnswer(c: Context<Authenticated>, mechanism: Mechanism, { options }: Server): object {
  if (mechanism.authType === "JWT") return { ...mechanism, config: tokenAnswer(mechanism.config, options) };
  return masks(options) && !c.get("caller").isBot ? masked(mechanism) : mechanism;
}

/** A token as it is shown. One that was revoked is empty and has no expiry; a manager of secrets says `null` instead. */
export function tokenAnswer(config: TokenConfig, { externalSecrets = false }: Server["options"]): object {
  if (config.JWTToken !== "") return config;
  return { JWTToken: externalSecrets ? "null" : "" };
}

/** A token as some answers to a change give it: in the form in which it is stored. */
export function encrypted<T extends TokenConfig>(config: T): T {
  return { ...config, JWTToken: `fernet:gAAAAA${randomBytes(48).toString("base64url")}` };
}

function roleReference(c: Context, { state }: Server, name: string): object {
  const role = state.roles.find((candidate) => candidate.name === name);
  const [displayName, description] = [`${name} (display name)`, `What ${name} may do.`];
  const href = `${originOf(c)}/api/v1/roles/${role?.id}`;
  return { id: role?.id, type: "role", name, fullyQualifiedName: name, displayName, description, deleted: false, href };
}
