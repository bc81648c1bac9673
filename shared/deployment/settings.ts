import { z } from "zod";
import { SettingsError } from "../errors.ts";
import { type Deployment, PLAIN_DEPLOYMENT } from "./deployment.ts";
import { policyFaults, policySchema, type RotationPolicy } from "./policy.ts";
import { readDeployments } from "./read-deployments.ts";
import { describe, guid, origin } from "./setting-forms.ts";

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

const cronItem = String.raw`(\*|(\d+|[A-Za-z]{3})(-(\d+|[A-Za-z]{3}))?)(/\d+)?`;
const cronField = `${cronItem}(,${cronItem})*`;
/** By its form only: a timer whose schedule it cannot read is left out by the host, and no caller would notice. */
const ncrontab = z.string().regex(new RegExp(`^${cronField}( ${cronField}){4,5}$`), {
  error: "must be an NCRONTAB expression of five or six fields",
});

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
