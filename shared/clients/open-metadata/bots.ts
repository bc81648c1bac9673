import * as z from "zod";
import type { OpenMetadata } from "../../delivery/ports.ts";
import { flag, type OpenMetadataCalls, text } from "./calls.ts";

const userSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().default(""),
    displayName: text,
    description: text,
    isAdmin: flag,
    isBot: flag,
    version: z.number().optional(),
    updatedBy: text,
    roles: z.array(z.object({ id: z.string() })).nullish(),
  })
  .transform(({ roles, ...user }) => ({ ...user, roles: (roles ?? []).map(({ id }) => id) }));
const botSchema = z
  .object({
    name: z.string(),
    displayName: text,
    description: text,
    botUser: z.object({ id: z.string(), name: text }),
  })
  .transform(({ botUser, ...bot }) => ({ ...bot, userId: botUser.id, userName: botUser.name ?? "" }));
const azureSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  authority: z.string(),
  scopes: z.array(z.string()),
});
const mechanismSchema = z
  .object({
    authType: z.string(),
    config: z.object({ ssoServiceType: text, authConfig: z.unknown().optional() }).nullish(),
  })
  .transform(({ authType, config }) => ({
    authType,
    ssoServiceType: config?.ssoServiceType,
    azure: azureSchema.safeParse(config?.authConfig).data,
  }));

/** Bots, their users and how those sign in; and whom a token stands for. */
export function bots({
  call,
  find,
  hide,
}: OpenMetadataCalls): Pick<OpenMetadata, "whoAmI" | "bot" | "user" | "mechanism" | "putBotUser" | "pointBot"> {
  return {
    whoAmI: (as) =>
      call("read the user of the token", "/v1/users/loggedInUser", {
        answer: userSchema,
        ...(as === undefined ? {} : { token: as }),
      }),
    bot: (name) => find(`read bot "${name}"`, `/v1/bots/name/${encodeURIComponent(name)}`, botSchema),
    user: (name) => find(`read user "${name}"`, `/v1/users/name/${encodeURIComponent(name)}?fields=roles`, userSchema),
    mechanism: (userId) =>
      call("read the bot's authentication mechanism", `/v1/users/auth-mechanism/${userId}`, {
        answer: mechanismSchema,
      }),
    putBotUser: ({ sso, ...user }) => {
      hide(sso.clientSecret);
      return call(`change the user of bot "${user.botName}"`, "/v1/users", {
        method: "PUT",
        body: {
          ...user,
          isAdmin: false,
          isBot: true,
          authenticationMechanism: { authType: "SSO", config: { ssoServiceType: "azure", authConfig: sso } },
        },
        answer: userSchema,
      });
    },
    pointBot: async ({ name, displayName, description }, user, by) => {
      const botUser = by === "name" ? user.name : { id: user.id, type: "user" };
      const body = { name, displayName, description, botUser };
      await call(`point bot "${name}" at user "${user.name}"`, "/v1/bots", { method: "PUT", body, answer: botSchema });
    },
  };
}
