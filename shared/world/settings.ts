import { readReceivers } from "../deployment/receivers.ts";
import { readCallerSettings, readSettings, type Settings } from "../deployment/settings.ts";
import { SettingsError } from "../errors.ts";
import { memoized } from "./memoize.ts";

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

/** Where the app keeps small notes of its own, in the same account; undefined where it is opened by a key. */
export function blobServiceUri(): string | undefined {
  const { AzureWebJobsStorage__blobServiceUri: uri, AzureWebJobsStorage__accountName: account } = process.env;
  return uri ?? (account && `https://${account}.blob.core.windows.net`);
}

/** Who is told of what changes. What is wrong of them never keeps the app from its work. */
export const receivers = memoized(() => {
  const read = readReceivers(process.env.NOTIFY_URL);
  if (read.receivers.length === 0 || blobServiceUri() !== undefined) return read;
  const fault = "NOTIFY_URL needs AzureWebJobsStorage__blobServiceUri: what was told is noted there";
  return { receivers: [], faults: [...read.faults, fault] };
});

/** Where people see this app's page; undefined where the platform does not say. */
export const pageUrl = process.env.WEBSITE_HOSTNAME && `https://${process.env.WEBSITE_HOSTNAME}/api/page`;

function readOnce(): Settings | SettingsError {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}
