import { callbackReasons } from "./callback.ts";
import type { Configuration } from "./plan.ts";
import type { Setting } from "./setting.ts";

/** The Kubernetes secret that the published chart looks for. */
export const KUBERNETES_SECRET = {
  name: "oidc-secrets",
  clientIdKey: "openmetadata-oidc-client-id",
  clientSecretKey: "openmetadata-oidc-client-secret",
} as const;

/** What a server that signs in with its own secret needs besides; nothing for the implicit flow. Pure. */
export function oidcSettings(configuration: Configuration): Setting[] {
  const { flow, serverClientId, secrets, discoveryUrl, tenantId, callbackUrl, serverUrl } = configuration;
  if (flow === "implicit") return [];
  const { name: secretRef, clientIdKey, clientSecretKey } = KUBERNETES_SECRET;
  return [
    {
      helm: "authentication.oidcConfiguration.enabled",
      value: true,
      why: [
        'A key of its own: the published page prints one key called "oidcConfiguration.enabled", which no chart knows. Without it, or with another clientType, the chart passes neither client id nor secret.',
      ],
    },
    {
      env: "OIDC_CLIENT_ID",
      yaml: "authenticationConfiguration.oidcConfiguration.id",
      helm: "authentication.oidcConfiguration.clientId",
      value: serverClientId,
      kubernetesSecret: { secretRef, secretKey: clientIdKey },
    },
    {
      env: "OIDC_CLIENT_SECRET",
      yaml: "authenticationConfiguration.oidcConfiguration.secret",
      helm: "authentication.oidcConfiguration.clientSecret",
      value: secrets.server,
      kubernetesSecret: { secretRef, secretKey: clientSecretKey },
    },
    {
      env: "OIDC_TYPE",
      yaml: "authenticationConfiguration.oidcConfiguration.type",
      helm: "authentication.oidcConfiguration.oidcType",
      value: "azure",
    },
    {
      env: "OIDC_SCOPE",
      yaml: "authenticationConfiguration.oidcConfiguration.scope",
      helm: "authentication.oidcConfiguration.scope",
      value: "offline_access openid email profile",
      why: ["Neither the default nor the published examples have offline_access; without it no session is renewed."],
    },
    {
      env: "OIDC_DISCOVERY_URI",
      yaml: "authenticationConfiguration.oidcConfiguration.discoveryUri",
      helm: "authentication.oidcConfiguration.discoveryUri",
      value: discoveryUrl,
      why: ["With the tenant in it; the published examples leave it out, or blank the whole line."],
    },
    {
      env: "OIDC_TENANT",
      yaml: "authenticationConfiguration.oidcConfiguration.tenant",
      helm: "authentication.oidcConfiguration.tenant",
      value: tenantId,
      why: ["The tenant's GUID. The published examples print a URL, with which sign-in fails, as it does when blank."],
    },
    {
      env: "OIDC_CALLBACK",
      yaml: "authenticationConfiguration.oidcConfiguration.callbackUrl",
      helm: "authentication.oidcConfiguration.callbackUrl",
      value: callbackUrl,
      why: callbackReasons(configuration),
    },
    {
      env: "OIDC_SERVER_URL",
      yaml: "authenticationConfiguration.oidcConfiguration.serverUrl",
      helm: "authentication.oidcConfiguration.serverUrl",
      value: serverUrl,
      why: ["Missing in the published examples; without it people are sent to localhost."],
    },
  ];
}
