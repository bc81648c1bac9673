import { z } from "zod";
import { TOKEN_EXPIRIES } from "./mechanism.ts";

/** Names of users and bots: letters, digits, hyphen, underscore and dot. */
export const entityName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}_\-.]+$/u);

/** `createUser.json`. The mechanism's `config` is read later: the real server takes any object here. */
export const createUser = z.strictObject({
  name: entityName,
  email: z
    .string()
    .min(6)
    .max(127)
    .regex(/^\S+@\S+\.\S+$/),
  displayName: z.string().optional(),
  description: z.string().optional(),
  timezone: z.string().optional(),
  isBot: z.boolean().default(false),
  botName: z.string().optional(),
  // Left out it means false: a user who is put without it is no administrator any more.
  isAdmin: z.boolean().default(false),
  profile: z.looseObject({}).optional(),
  teams: z.array(z.guid()).default([]),
  roles: z.array(z.guid()).default([]),
  authenticationMechanism: z
    .strictObject({
      authType: z.enum(["JWT", "SSO", "BASIC"]).optional(),
      config: z.looseObject({}).optional(),
    })
    .optional(),
  createPasswordType: z.enum(["ADMIN_CREATE", "USER_CREATE"]).optional(),
  password: z.string().optional(),
  confirmPassword: z.string().optional(),
});
export type CreateUser = z.infer<typeof createUser>;

const anything = z.unknown().optional();
/** What later releases know besides; what it says is not kept. */
export const createUserInDomains = createUser.extend({
  externalId: anything,
  scimUserName: anything,
  personas: anything,
  defaultPersona: anything,
  domains: anything,
});

/** `jwtAuth.json` as it is sent: a token in it is ignored. */
export const tokenConfig = z.strictObject({
  JWTToken: z.string().optional(),
  JWTTokenExpiry: z.enum(TOKEN_EXPIRIES),
  JWTTokenExpiresAt: z.number().optional(),
});

/** `ssoAuth.json` for Azure; of other providers nothing is known here. */
export const ssoService = z.strictObject({
  ssoServiceType: z.literal("azure").optional(),
  authConfig: z.looseObject({}).optional(),
});

/** `azureSSOClientConfig.json` */
export const azureConfig = z.strictObject({
  clientSecret: z.string().optional(),
  authority: z.string().optional(),
  clientId: z.string().optional(),
  scopes: z.array(z.string()).optional(),
});

/** `generateToken.json` */
export const generateToken = z.strictObject({ JWTTokenExpiry: z.enum(TOKEN_EXPIRIES) });

/** `revokeToken.json` */
export const revokeToken = z.strictObject({ id: z.guid() });
