import { z } from "zod";
import { describe, guid, list, server } from "./setting-forms.ts";

/** One OpenMetadata installation that this app serves. */
export interface Deployment {
  name: string;
  /** Where its users and ingestion reach it, without a trailing slash; may have a base path. */
  openMetadataUrl: string;
  signInFlow: "implicit" | "auth-code";
  extraRedirectUris: string[];
  principalDomain: string;
  initialAdmins: string[];
  botName: string;
  botCredential: "auto" | "sso" | "jwt";
  /** Client ids of registrations that were made by hand and are to be adopted. */
  serverClientId?: string | undefined;
  ingestionClientId?: string | undefined;
  /** The vault secret that holds a token for OpenMetadata, where the managed identity cannot be let in. */
  openMetadataTokenSecret?: string | undefined;
  /** Resource id of the App Service that OpenMetadata runs on, whose settings refer to the vault. */
  appServiceId?: string | undefined;
  /** Whether that App Service may be restarted where it would otherwise go on with an old secret. */
  appServiceRestart: boolean;
}

const deploymentName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: "must be 1 to 40 lower-case letters, digits or hyphens, starting with a letter or digit",
});
const secretName = z.string().regex(/^[0-9A-Za-z-]{1,127}$/, { error: "must be the name of a Key Vault secret" });
const resourceId = z
  .string()
  .regex(/^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.Web\/sites\/[0-9a-z-]+$/i, {
    error: "must be the resource id of an App Service (/subscriptions/.../providers/Microsoft.Web/sites/...)",
  });
const redirectUri = z.url({ protocol: /^https?$/, error: "must be http(s):// URLs" });

const deploymentSchema = z.strictObject({
  name: deploymentName.default("openmetadata"),
  openMetadataUrl: server,
  signInFlow: z.enum(["implicit", "auth-code"], { error: 'must be "implicit" or "auth-code"' }).default("implicit"),
  extraRedirectUris: z.array(redirectUri).default([]),
  principalDomain: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, { error: "must be a domain name" })
    .default("open-metadata.org"),
  initialAdmins: z.array(z.string()).default([]),
  botName: z.string().min(1).default("ingestion-bot"),
  botCredential: z.enum(["auto", "sso", "jwt"], { error: 'must be "auto", "sso" or "jwt"' }).default("auto"),
  serverClientId: guid.optional(),
  ingestionClientId: guid.optional(),
  openMetadataTokenSecret: secretName.optional(),
  appServiceId: resourceId.optional(),
  appServiceRestart: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
      error: 'must be "true" or "false"',
    })
    .default(false),
});

/** The environment variables that describe one deployment, and the field of a `DEPLOYMENTS` entry each stands for. */
export const PLAIN_DEPLOYMENT = {
  DEPLOYMENT_NAME: "name",
  OPENMETADATA_URL: "openMetadataUrl",
  SIGN_IN_FLOW: "signInFlow",
  EXTRA_REDIRECT_URIS: "extraRedirectUris",
  PRINCIPAL_DOMAIN: "principalDomain",
  INITIAL_ADMINS: "initialAdmins",
  BOT_NAME: "botName",
  BOT_CREDENTIAL: "botCredential",
  SERVER_CLIENT_ID: "serverClientId",
  INGESTION_CLIENT_ID: "ingestionClientId",
  OPENMETADATA_TOKEN_SECRET: "openMetadataTokenSecret",
  APP_SERVICE_ID: "appServiceId",
  APP_SERVICE_RESTART: "appServiceRestart",
} as const satisfies Record<string, keyof z.input<typeof deploymentSchema>>;

const LISTS = new Set<string>(["EXTRA_REDIRECT_URIS", "INITIAL_ADMINS"]);

export interface FoundDeployments {
  found: Deployment[];
  faults: string[];
}

/** Reads the deployments, from plain settings or from `DEPLOYMENTS`, and what is wrong with them. */
export function readDeployments(env: Record<string, string>): FoundDeployments {
  const plain = Object.keys(PLAIN_DEPLOYMENT).filter((name) => name in env);
  if (env.DEPLOYMENTS === undefined) return readPlainDeployment(env);
  if (plain.length > 0) {
    return { found: [], faults: [`DEPLOYMENTS and ${plain.join(", ")} are both set: use one or the other`] };
  }
  let json: unknown;
  try {
    json = JSON.parse(env.DEPLOYMENTS);
  } catch {
    return { found: [], faults: ["DEPLOYMENTS must be JSON"] };
  }
  const parsed = z.array(deploymentSchema).min(1, { error: "must name at least one deployment" }).safeParse(json);
  if (!parsed.success) {
    const name = (path: PropertyKey[]): string =>
      path.reduce<string>(
        (text, key) => text + (typeof key === "number" ? `[${key}]` : `.${String(key)}`),
        "DEPLOYMENTS",
      );
    return { found: [], faults: describe(parsed.error, name) };
  }
  const names = parsed.data.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const faults = parsed.data.flatMap((one, index) =>
    tokenFault(one, parsed.data, `DEPLOYMENTS[${index}].openMetadataTokenSecret`),
  );
  return { found: parsed.data, faults: [...twice.map((name) => `DEPLOYMENTS names "${name}" twice`), ...faults] };
}

function readPlainDeployment(env: Record<string, string>): FoundDeployments {
  const fields = Object.entries(PLAIN_DEPLOYMENT).map(([name, field]) => {
    const value = env[name];
    return [field, value !== undefined && LISTS.has(name) ? list.parse(value) : value] as const;
  });
  const parsed = deploymentSchema.safeParse(Object.fromEntries(fields.filter(([, value]) => value !== undefined)));
  if (parsed.success)
    return { found: [parsed.data], faults: tokenFault(parsed.data, [parsed.data], "OPENMETADATA_TOKEN_SECRET") };
  const variable = (path: PropertyKey[]): string =>
    Object.entries(PLAIN_DEPLOYMENT).find(([, field]) => field === path[0])?.[0] ?? String(path[0]);
  return { found: [], faults: describe(parsed.error, variable) };
}

/** The token that we sign in with must be none that we replace, for whichever deployment: the app would shut itself out half way. */
function tokenFault({ openMetadataTokenSecret }: Deployment, all: readonly Deployment[], setting: string): string[] {
  const kinds = ["bot-token", "ingestion-client-secret", "server-client-secret"];
  const own = all.flatMap(({ name }) => kinds.map((kind) => `${name}-${kind}`));
  const secret = openMetadataTokenSecret?.toLowerCase().replace(/-next$/, "") ?? "";
  return own.includes(secret) ? [`${setting} must not be a secret that this app writes itself`] : [];
}
