import { namesAudience, readCallerSettings, readSettings, type Settings } from "../deployment/settings.ts";
import { SettingsError } from "../errors.ts";

/** The settings of this process, or why there are none; read once, never thrown at load. */
const read = readOnce();

/** @throws {SettingsError} that names every fault. */
export function settings(): Settings {
  if (read instanceof SettingsError) throw read;
  return read;
}

/**
 * NCRONTAB of the timer: left to the host where it is set, so that the portal shows the setting. With wrong settings,
 * which its own may be among, the timer runs hourly and fails.
 */
export const rotationSchedule =
  process.env.ROTATION_SCHEDULE && !(read instanceof SettingsError) ? "%ROTATION_SCHEDULE%" : "0 0 * * * *";

/**
 * Function keys guard the HTTP functions, unless bearer tokens do, with wrong settings too: the host's own 401 would tell
 * the callers nothing. Nothing is ever open to anyone.
 */
export const authLevel = namesAudience(process.env) ? "anonymous" : "function";

/** Does the platform sign people in (Easy Auth)? It says so to every app that it stands before. */
export const signsPeopleIn = process.env.WEBSITE_AUTH_ENABLED?.toLowerCase() === "true";

/** By what callers are verified, also while other settings are wrong. @throws {SettingsError} when nobody can be. */
export const callerSettings = (): ReturnType<typeof readCallerSettings> => readCallerSettings(process.env);

/** Where the app's own storage account is, as the host is told; undefined where it is told nothing. */
export function storageSettings() {
  const { AzureWebJobsStorage: connectionString, AzureWebJobsStorage__queueServiceUri: uri } = process.env;
  const account = process.env.AzureWebJobsStorage__accountName;
  const queueServiceUri = uri ?? (account && `https://${account}.queue.core.windows.net`);
  const clientId = process.env.AzureWebJobsStorage__clientId ?? process.env.AZURE_CLIENT_ID;
  if (queueServiceUri) return { kind: "identity", queueServiceUri, clientId } as const;
  return connectionString ? ({ kind: "connection-string", connectionString } as const) : undefined;
}

function readOnce(): Settings | SettingsError {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}
