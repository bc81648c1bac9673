import * as z from "zod";
import type { Security } from "../../delivery/server-ports.ts";
import { UpstreamError } from "../../errors.ts";
import { SLOW_REQUEST_TIME_OUT } from "../../limits.ts";
import { type OpenMetadataCalls, strings, text } from "./calls.ts";
import { messageIn } from "./words.ts";

const configurationSchema = z
  .object({
    authenticationConfiguration: z.object({
      provider: text,
      providerName: text,
      clientType: text,
      authority: text,
      clientId: text,
      publicKeyUrls: strings,
      oidcConfiguration: z.object({ id: text, tenant: text, discoveryUri: text, scope: text, secret: text }).nullish(),
    }),
    authorizerConfiguration: z
      .object({ adminPrincipals: strings, adminEmails: strings, enforcePrincipalDomain: z.boolean().nullish() })
      .nullish(),
  })
  .transform(
    ({
      authenticationConfiguration: { oidcConfiguration: oidc, provider, providerName, authority, clientId, ...rest },
      authorizerConfiguration: authorizer,
    }) => ({
      ...rest,
      provider: provider ?? "",
      providerName: providerName ?? "",
      authority: authority ?? "",
      clientId: clientId ?? "",
      adminPrincipals: authorizer ? [...authorizer.adminPrincipals, ...authorizer.adminEmails] : undefined,
      enforcePrincipalDomain: authorizer?.enforcePrincipalDomain ?? undefined,
      oidc: oidc
        ? {
            clientId: oidc.id,
            tenant: oidc.tenant,
            discoveryUri: oidc.discoveryUri,
            scope: oidc.scope,
            showsSecret: isShown(oidc.secret),
          }
        : undefined,
    }),
  );
const secretSchema = z.object({
  authenticationConfiguration: z.object({ oidcConfiguration: z.object({ secret: text }).nullish() }),
});
const refusalSchema = z.object({
  errors: z
    .array(z.object({ field: z.string(), error: z.string() }))
    .min(1)
    .max(20),
});

const PATH = "/v1/system/security/config";
/** Required, though the server starts without one, and then neither its files nor its environment count any more. */
const NAME_OF_PROVIDER = { op: "add", path: "/authenticationConfiguration/providerName", value: "azure" };

/** The security configuration of an OpenMetadata server, 1.10 or later. */
export function securityConfiguration({ call, send, hide, quote }: OpenMetadataCalls): Security {
  return {
    read: () => call("read the security configuration", PATH, { answer: configurationSchema }),
    async holds(secret) {
      const { authenticationConfiguration } = await call("read the client secret back", PATH, { answer: secretSchema });
      return authenticationConfiguration.oidcConfiguration?.secret === secret;
    },
    async replaceSecret(secret, { namesProvider }) {
      hide(secret);
      const action = "give the server its new client secret";
      // By PATCH: with PUT the mask that GET shows would be stored in place of other secrets.
      const {
        status,
        json,
        retryAfterSeconds = 0,
      } = await send(action, PATH, {
        method: "PATCH",
        contentType: "application/json-patch+json",
        body: [
          ...(namesProvider ? [NAME_OF_PROVIDER] : []),
          { op: "replace", path: "/authenticationConfiguration/oidcConfiguration/secret", value: secret },
        ],
        timeoutMilliseconds: SLOW_REQUEST_TIME_OUT,
      });
      if (status === 204 || (status === 200 && json !== undefined)) return { kind: "accepted" };
      if (status === 200) {
        const message = `Cannot ${action}: OpenMetadata answered 200 with something that is not JSON (is there a proxy or a login page in between?)`;
        throw new UpstreamError(message, { service: "OpenMetadata", status });
      }
      const errors = status === 400 ? refusalSchema.safeParse(json).data?.errors : undefined;
      if (errors) {
        return {
          kind: "refused",
          errors: errors.map(({ field, error }) => ({ field: quote(field), error: quote(error) })),
        };
      }
      const message = quote(messageIn(json) ?? "");
      if (status === 409) return { kind: "owned-by-environment", message };
      throw new UpstreamError(`Cannot ${action}: OpenMetadata answered ${status}${message ? ` "${message}"` : ""}`, {
        service: "OpenMetadata",
        status,
        retryAfterSeconds,
      });
    },
  };
}

/** Masks are of asterisks; in the newest releases it may be shown as it is stored, encrypted. */
function isShown(secret: string | undefined): boolean {
  return secret !== undefined && secret !== "" && !/^\*+$|^fernet:|^secret:/.test(secret);
}
