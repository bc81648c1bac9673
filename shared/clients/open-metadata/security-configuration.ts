import { z } from "zod";
import type { Security } from "../../delivery/server-ports.ts";
import { UpstreamError } from "../../errors.ts";
import { SLOW_REQUEST_TIME_OUT } from "../../limits.ts";
import { messageIn, type OpenMetadataCalls, strings, text } from "./calls.ts";

const configurationSchema = z
  .object({
    authenticationConfiguration: z.object({
      provider: text,
      clientType: text,
      authority: text,
      clientId: text,
      publicKeyUrls: strings,
      oidcConfiguration: z.object({ id: text, tenant: text, discoveryUri: text, scope: text, secret: text }).nullish(),
    }),
  })
  .transform(
    ({ authenticationConfiguration: { oidcConfiguration: oidc, provider, authority, clientId, ...rest } }) => ({
      ...rest,
      provider: provider ?? "",
      authority: authority ?? "",
      clientId: clientId ?? "",
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
const refusalSchema = z.object({ errors: z.array(z.object({ field: z.string(), error: z.string() })).min(1) });

const PATH = "/v1/system/security/config";

/** The security configuration of an OpenMetadata server, 1.10 or later. */
export function securityConfiguration({ call, send, hide, quote }: OpenMetadataCalls): Security {
  return {
    read: () => call("read the security configuration", PATH, { answer: configurationSchema }),
    async holds(secret) {
      const { authenticationConfiguration } = await call("read the client secret back", PATH, { answer: secretSchema });
      return authenticationConfiguration.oidcConfiguration?.secret === secret;
    },
    async replaceSecret(secret) {
      hide(secret);
      const action = "give the server its new client secret";
      // By PATCH: with PUT the mask that GET shows would be stored in place of other secrets.
      const { status, json } = await send(action, PATH, {
        method: "PATCH",
        contentType: "application/json-patch+json",
        body: [{ op: "replace", path: "/authenticationConfiguration/oidcConfiguration/secret", value: secret }],
        timeoutMilliseconds: SLOW_REQUEST_TIME_OUT,
      });
      if (status === 204 || (status === 200 && json !== undefined)) return { kind: "accepted" };
      if (status === 200) {
        const message = `Cannot ${action}: OpenMetadata answered 200 with something that is not JSON (a proxy or a log-in page?)`;
        throw new UpstreamError(message, { service: "OpenMetadata", status, transient: true });
      }
      const errors = status === 400 ? refusalSchema.safeParse(json).data?.errors : undefined;
      if (errors) {
        return { kind: "refused", errors: errors.map(({ field, error }) => ({ field, error: quote(error) })) };
      }
      const message = quote(messageIn(json) ?? "");
      if (status === 409) return { kind: "owned-by-environment", message };
      throw new UpstreamError(`Cannot ${action}: OpenMetadata answered ${status}${message ? ` "${message}"` : ""}`, {
        service: "OpenMetadata",
        status,
      });
    },
  };
}

/** Masks are of asterisks; in the newest releases it may be shown as it is stored, encrypted. */
function isShown(secret: string | undefined): boolean {
  return secret !== undefined && secret !== "" && !/^\*+$|^fernet:|^secret:/.test(secret);
}
