import { readCallerSettings, readSettings, type Settings } from "../deployment/settings.ts";
import { SettingsError } from "../errors.ts";

/** The settings of this process, or why there are none; read once, thrown where they are asked for. */
const read = readOnce();

/** @throws {SettingsError} that names every fault. */
export function settings(): Settings {
  if (read instanceof SettingsError) throw read;
  return read;
}

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
