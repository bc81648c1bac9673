import * as z from "zod";
import { SettingsError } from "../errors.ts";
import { PLAIN_DEPLOYMENT } from "./deployment.ts";
import { type Environment, given, HOURLY } from "./environment.ts";
import { policyFaults, policySchema, type RotationPolicy } from "./policy.ts";
import { readDeployments, type Source } from "./read-deployments.ts";
import { readSchedule, scheduleFaults } from "./schedule.ts";
import { describe, guid, origin } from "./setting-forms.ts";

/** Everything that the app is told from outside, beside the addresses of receivers; none of it is secret. */
export interface Settings {
  tenantId: string;
  keyVaultUrl: string;
  authorityHost: string;
  graphUrl: string;
  armUrl: string;
  /** Client id of the app's own registration; without it function keys guard the HTTP functions. */
  apiAudience: string | undefined;
  /** What the tenant wants each application to name: an identifier of the organization's own list of services. */
  serviceManagementReference: string | undefined;
  /** Client id of the user-assigned managed identity, where there is one. */
  managedIdentityClientId: string | undefined;
  /** Where the deployments come from. */
  source: Exclude<Source, { kind: "faulty" }>;
  rotation: RotationPolicy;
  /** So long those who read the vault by themselves may take to notice a new secret. */
  readWithinHours: number;
  /** Somebody is told of a credential that ends within so many days, with no successor delivered. */
  notifyExpiringDays: number;
  /** NCRONTAB, UTC. */
  rotationSchedule: string;
}

/** A timer whose schedule it cannot read is left out by the host, and no caller would notice. */
const ncrontab = z.string().refine((text) => readSchedule(text) !== undefined, {
  error: 'must be an NCRONTAB expression of five or six fields, each within its range, for example "0 0 * * * *"',
});

/** By what callers are verified. */
const callerSchema = z.object({
  TENANT_ID: guid,
  AUTHORITY_HOST: origin.default("https://login.microsoftonline.com"),
  API_AUDIENCE: z
    .string()
    .transform((text) => text.replace(/^api:\/\//i, ""))
    .pipe(guid)
    .optional(),
});

const generalSchema = callerSchema.extend({
  KEY_VAULT_URL: origin,
  GRAPH_URL: origin.default("https://graph.microsoft.com"),
  ARM_URL: origin.default("https://management.azure.com"),
  SERVICE_MANAGEMENT_REFERENCE: z.string().max(256, { error: "must be at most 256 characters" }).optional(),
  AZURE_CLIENT_ID: guid.optional(),
  ROTATION_SCHEDULE: ncrontab.default(HOURLY),
});

/** Every setting that the app reads, by the name of its environment variable. */
export const SETTING_NAMES: readonly string[] = [
  ...Object.keys(generalSchema.shape),
  ...Object.keys(policySchema.shape),
  ...Object.keys(PLAIN_DEPLOYMENT),
  "DEPLOYMENTS",
  "DEPLOYMENTS_BLOB",
  "NOTIFY_URL",
];

/**
 * Reads by what callers are verified, however wrong the other settings are; without an audience function keys guard.
 * @throws {SettingsError} that names what is wrong of these, never a value.
 */
export function readCallerSettings(env: Environment): Pick<Settings, "tenantId" | "authorityHost" | "apiAudience"> {
  const { success, data, error } = callerSchema.safeParse(given(env));
  if (!success)
    throw new SettingsError(["callers' tokens cannot be verified", ...describe(error, (path) => path.join("."))]);
  return { tenantId: data.TENANT_ID, authorityHost: data.AUTHORITY_HOST, apiAudience: data.API_AUDIENCE };
}

/**
 * Reads the settings from an environment; an empty value counts as not set.
 * @throws {SettingsError} that names every fault, never a value.
 */
export function readSettings(env: Environment): Settings {
  const set = given(env);
  const general = generalSchema.safeParse(set);
  const policy = policySchema.safeParse(set);
  const source = readDeployments(set);
  const faults = [
    ...(general.success ? [] : describe(general.error, (path) => path.join("."))),
    ...(policy.success ? policyFaults(policy.data) : describe(policy.error, (path) => path.join("."))),
    ...(general.success && policy.success
      ? scheduleFaults(general.data.ROTATION_SCHEDULE, policy.data.SECRET_RENEW_BEFORE_DAYS)
      : []),
    ...(source.kind === "faulty" ? source.faults : []),
  ];
  if (!general.success || !policy.success || source.kind === "faulty" || faults.length > 0) {
    throw new SettingsError(faults);
  }
  const { data } = general;
  return {
    tenantId: data.TENANT_ID,
    keyVaultUrl: data.KEY_VAULT_URL,
    authorityHost: data.AUTHORITY_HOST,
    graphUrl: data.GRAPH_URL,
    armUrl: data.ARM_URL,
    apiAudience: data.API_AUDIENCE,
    serviceManagementReference: data.SERVICE_MANAGEMENT_REFERENCE,
    managedIdentityClientId: data.AZURE_CLIENT_ID,
    source,
    rotation: {
      lifetimeDays: policy.data.SECRET_LIFETIME_DAYS,
      renewBeforeDays: policy.data.SECRET_RENEW_BEFORE_DAYS,
      overlapDays: policy.data.SECRET_OVERLAP_DAYS,
      stageAheadHours: policy.data.SECRET_STAGE_AHEAD_HOURS,
    },
    readWithinHours: policy.data.SECRET_READ_WITHIN_HOURS,
    // What is renewed later than that by its own settings is not late.
    notifyExpiringDays: Math.min(policy.data.NOTIFY_EXPIRING_DAYS, policy.data.SECRET_RENEW_BEFORE_DAYS / 2),
    rotationSchedule: data.ROTATION_SCHEDULE,
  };
}
