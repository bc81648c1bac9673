import { z } from "zod";
import { SettingsError } from "./errors.ts";

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

/** When client secrets are renewed, and how long an old one is kept. */
export interface RotationPolicy {
  lifetimeDays: number;
  renewBeforeDays: number;
  overlapDays: number;
  stageAheadHours: number;
}

/** Everything that the app is told from outside; none of it is secret. */
export interface Settings {
  tenantId: string;
  keyVaultUrl: string;
  authorityHost: string;
  graphUrl: string;
  armUrl: string;
  /** Client id of the app's own registration; without it function keys guard the HTTP functions. */
  apiAudience: string | undefined;
  /** Client id of the user-assigned managed identity, where there is one. */
  managedIdentityClientId: string | undefined;
  deployments: [Deployment, ...Deployment[]];
  rotation: RotationPolicy;
  /** So long those who read the vault by themselves may take to notice a new secret. */
  readWithinHours: number;
  /** NCRONTAB, UTC. */
  rotationSchedule: string;
}

const expects = (text: string) => (issue: { input?: unknown }) => (issue.input === undefined ? "is missing" : text);

const guid = z.guid({ error: expects("must be a GUID") });
const origin = z.url({ protocol: /^https$/, error: expects("must be an https:// URL") }).transform(trimSlash);
const server = z.url({ protocol: /^https?$/, error: expects("must be an http(s):// URL") }).transform(trimSlash);
const list = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  )
  .default([]);
const whole = (least: number, most: number, otherwise: number) =>
  z.coerce
    .number({ error: "must be a whole number" })
    .int({ error: "must be a whole number" })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })
    .default(otherwise);
const deploymentName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: "must be 1 to 40 lower-case letters, digits or hyphens, starting with a letter or digit",
});
const cronItem = String.raw`(\*|(\d+|[A-Za-z]{3})(-(\d+|[A-Za-z]{3}))?)(/\d+)?`;
const cronField = `${cronItem}(,${cronItem})*`;
/** By its form only: a timer whose schedule it cannot read is left out by the host, and no caller would notice. */
const ncrontab = z.string().regex(new RegExp(`^${cronField}( ${cronField}){4,5}$`), {
  error: "must be an NCRONTAB expression of five or six fields",
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
const PLAIN_DEPLOYMENT = {
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

const generalSchema = z.object({
  TENANT_ID: guid,
  KEY_VAULT_URL: origin,
  AUTHORITY_HOST: origin.default("https://login.microsoftonline.com"),
  GRAPH_URL: origin.default("https://graph.microsoft.com"),
  ARM_URL: origin.default("https://management.azure.com"),
  API_AUDIENCE: z
    .string()
    .transform((text) => text.replace(/^api:\/\//, ""))
    .pipe(guid)
    .optional(),
  AZURE_CLIENT_ID: guid.optional(),
  ROTATION_SCHEDULE: ncrontab.default("0 0 * * * *"),
});

const policySchema = z.object({
  // Microsoft allows at most two years in the portal; a secret's expiry must also stay below 2038 in the vault's SDK.
  SECRET_LIFETIME_DAYS: whole(2, 730, 90),
  SECRET_RENEW_BEFORE_DAYS: whole(1, 700, 30),
  SECRET_OVERLAP_DAYS: whole(0, 365, 7),
  SECRET_STAGE_AHEAD_HOURS: whole(0, 24 * 30, 24),
  SECRET_READ_WITHIN_HOURS: whole(0, 24 * 30, 24),
});

/** Every setting that the app reads, by the name of its environment variable. */
export const SETTING_NAMES: readonly string[] = [
  ...Object.keys(generalSchema.shape),
  ...Object.keys(policySchema.shape),
  ...Object.keys(PLAIN_DEPLOYMENT),
  "DEPLOYMENTS",
];

/**
 * Reads the settings from an environment; an empty value counts as not set.
 * @throws {SettingsError} that names every fault, never a value.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const general = generalSchema.safeParse(given);
  const policy = policySchema.safeParse(given);
  const deployments = readDeployments(given as Record<string, string>);
  const faults = [
    ...(general.success ? [] : describe(general.error, (path) => path.join("."))),
    ...(policy.success ? policyFaults(policy.data) : describe(policy.error, (path) => path.join("."))),
    ...deployments.faults,
  ];
  const [first, ...rest] = deployments.found;
  if (!general.success || !policy.success || !first || faults.length > 0) throw new SettingsError(faults);
  const { data } = general;
  return {
    tenantId: data.TENANT_ID,
    keyVaultUrl: data.KEY_VAULT_URL,
    authorityHost: data.AUTHORITY_HOST,
    graphUrl: data.GRAPH_URL,
    armUrl: data.ARM_URL,
    apiAudience: data.API_AUDIENCE,
    managedIdentityClientId: data.AZURE_CLIENT_ID,
    deployments: [first, ...rest],
    rotation: {
      lifetimeDays: policy.data.SECRET_LIFETIME_DAYS,
      renewBeforeDays: policy.data.SECRET_RENEW_BEFORE_DAYS,
      overlapDays: policy.data.SECRET_OVERLAP_DAYS,
      stageAheadHours: policy.data.SECRET_STAGE_AHEAD_HOURS,
    },
    readWithinHours: policy.data.SECRET_READ_WITHIN_HOURS,
    rotationSchedule: data.ROTATION_SCHEDULE,
  };
}

interface FoundDeployments {
  found: Deployment[];
  faults: string[];
}

function readDeployments(env: Record<string, string>): FoundDeployments {
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

/** Rules between settings: an old secret must outlive the overlap, and nothing may be due before it is issued. */
function policyFaults(data: z.output<typeof policySchema>): string[] {
  const faults: string[] = [];
  if (data.SECRET_RENEW_BEFORE_DAYS >= data.SECRET_LIFETIME_DAYS) {
    faults.push("SECRET_RENEW_BEFORE_DAYS must be less than SECRET_LIFETIME_DAYS");
  } else if (data.SECRET_STAGE_AHEAD_HOURS >= (data.SECRET_LIFETIME_DAYS - data.SECRET_RENEW_BEFORE_DAYS) * 24) {
    faults.push("SECRET_STAGE_AHEAD_HOURS must be less than the time from issuing to renewal");
  } else if (data.SECRET_LIFETIME_DAYS * 24 < hoursToRetire(data)) {
    faults.push(
      "SECRET_LIFETIME_DAYS must be at least SECRET_RENEW_BEFORE_DAYS, SECRET_OVERLAP_DAYS, SECRET_STAGE_AHEAD_HOURS and a day together, or old secrets pile up",
    );
  }
  if (data.SECRET_OVERLAP_DAYS >= data.SECRET_RENEW_BEFORE_DAYS) {
    faults.push("SECRET_OVERLAP_DAYS must be less than SECRET_RENEW_BEFORE_DAYS");
  }
  return faults;
}

/** An old secret must be retired before its successor's successor is issued. */
function hoursToRetire(data: z.output<typeof policySchema>): number {
  return (data.SECRET_RENEW_BEFORE_DAYS + data.SECRET_OVERLAP_DAYS + 1) * 24 + data.SECRET_STAGE_AHEAD_HOURS;
}

function describe(error: z.ZodError, name: (path: PropertyKey[]) => string): string[] {
  return error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") return `${name(issue.path)} has unknown fields: ${issue.keys.join(", ")}`;
    return `${name(issue.path)} ${issue.message}`;
  });
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
