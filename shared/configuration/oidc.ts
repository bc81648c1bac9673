import { callbackReasons } from "./callback.ts";
import type { Configuration } from "./desired.ts";
import type { Setting, SettingNames } from "./setting.ts";

/** The Kubernetes secret that the published chart looks for. */
export const KUBERNETES_SECRET = {
  name: "oidc-secrets",
  clientIdKey: "openmetadata-oidc-client-id",
  clientSecretKey: "openmetadata-oidc-client-secret",
} as const;

const NAMES = {
  // The chart alone has a switch.
  enabled: { helm: "authentication.oidcConfiguration.enabled" },
  clientId: {
    env: "OIDC_CLIENT_ID",
    yaml: "authenticationConfiguration.oidcConfiguration.id",
    helm: "authentication.oidcConfiguration.clientId",
  },
  clientSecret: {
    env: "OIDC_CLIENT_SECRET",
    yaml: "authenticationConfiguration.oidcConfiguration.secret",
    helm: "authentication.oidcConfiguration.clientSecret",
  },
  type: {
    env: "OIDC_TYPE",
    yaml: "authenticationConfiguration.oidcConfiguration.type",
    helm: "authentication.oidcConfiguration.oidcType",
  },
  scope: {
    env: "OIDC_SCOPE",
    yaml: "authenticationConfiguration.oidcConfiguration.scope",
    helm: "authentication.oidcConfiguration.scope",
  },
  discoveryUri: {
    env: "OIDC_DISCOVERY_URI",
    yaml: "authenticationConfiguration.oidcConfiguration.discoveryUri",
    helm: "authentication.oidcConfiguration.discoveryUri",
  },
  tenant: {
    env: "OIDC_TENANT",
    yaml: "authenticationConfiguration.oidcConfiguration.tenant",
    helm: "authentication.oidcConfiguration.tenant",
  },
  callback: {
    env: "OIDC_CALLBACK",
    yaml: "authenticationConfiguration.oidcConfiguration.callbackUrl",
    helm: "authentication.oidcConfiguration.callbackUrl",
  },
  serverUrl: {
    env: "OIDC_SERVER_URL",
    yaml: "authenticationConfiguration.oidcConfiguration.serverUrl",
    helm: "authentication.oidcConfiguration.serverUrl",
  },
} as const satisfies Record<string, SettingNames>;

/** What a server that signs in with its own secret needs besides; nothing for the implicit flow. Pure. */
export function oidcSettings(configuration: Configuration): Setting[] {
  const { flow, callbackUrl, serverUrl } = configuration;
  if (flow === "implicit") return [];
  return [
    ...client(configuration),
    { ...NAMES.type, value: "azure" },
    {
      ...NAMES.scope,
      value: "offline_access openid email profile",
      why: ["The default and the published examples lack offline_access; without it sessions are not renewed."],
    },
    ...tenant(configuration),
    { ...NAMES.callback, value: callbackUrl, why: callbackReasons(configuration) },
    {
      ...NAMES.serverUrl,
      value: serverUrl,
      why: ["Missing in the published examples; without it the browser is sent to localhost."],
    },
  ];
}

function client({ serverClientId, secrets }: Configuration): Setting[] {
  const { name: secretRef, clientIdKey, clientSecretKey } = KUBERNETES_SECRET;
  return [
    {
      ...NAMES.enabled,
      value: true,
      why: [
        'A nested key: the published page shows a single key named "oidcConfiguration.enabled", which no chart supports. Without it, or with another clientType, the chart passes neither client ID nor secret.',
      ],
    },
    { ...NAMES.clientId, value: serverClientId, kubernetesSecret: { secretRef, secretKey: clientIdKey } },
    { ...NAMES.clientSecret, value: secrets.server, kubernetesSecret: { secretRef, secretKey: clientSecretKey } },
  ];
}

function tenant({ discoveryUrl, tenantId }: Configuration): Setting[] {
  return [
    {
      ...NAMES.discoveryUri,
      value: discoveryUrl,
      why: ["Must contain the tenant; the published examples omit the tenant or leave the value blank."],
    },
    {
      ...NAMES.tenant,
      value: tenantId,
      why: ["The tenant's GUID. The published examples show a URL; sign-in fails with that, and with a blank value."],
    },
  ];
}
