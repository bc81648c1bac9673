import * as z from "zod";

const scope = z.looseObject({ id: z.string(), value: z.string().nullish(), isEnabled: z.boolean().nullish() });
const claim = z.looseObject({ name: z.string() });
const access = z.object({ id: z.string(), type: z.string() });
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const claims = list(claim);

/** An application, with empty lists where Graph says nothing. */
export const applicationSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  createdByAppId: z.string().nullish(),
  signInAudience: z.string().nullish(),
  serviceManagementReference: z.string().nullish(),
  identifierUris: list(z.string()),
  spa: z.object({ redirectUris: list(z.string()) }).prefault({}),
  web: z
    .object({
      redirectUris: list(z.string()),
      implicitGrantSettings: z
        .object({
          enableAccessTokenIssuance: z.boolean().nullish(),
          enableIdTokenIssuance: z.boolean().nullish(),
        })
        .nullish(),
    })
    .prefault({}),
  api: z
    .object({ requestedAccessTokenVersion: z.number().nullish(), oauth2PermissionScopes: list(scope) })
    .prefault({}),
  appRoles: list(scope),
  requiredResourceAccess: list(z.object({ resourceAppId: z.string(), resourceAccess: list(access) })),
  optionalClaims: z
    .object({ idToken: claims, accessToken: claims, saml2Token: claims })
    .nullish()
    .transform((found) => found ?? { idToken: [], accessToken: [], saml2Token: [] }),
});
