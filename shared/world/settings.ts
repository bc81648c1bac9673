import { callerTokens } from "../clients/entra/caller-tokens.ts";
import { authorityOf } from "../deployment/addresses.ts";
import { ownerAmong } from "../deployment/credentials.ts";
import { namesAudience, readCallerSettings, readSettings, type Settings } from "../deployment/settings.ts";
import { SettingsError } from "../errors.ts";
import { clock } from "./clock.ts";
import { memoized } from "./memoize.ts";

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

/** Lets in who holds a token of the tenant for this API. */
export const guard = {
  settings,
  now: clock.now,
  verifyToken: memoized(() => {
    if (authLevel === "function") return undefined;
    const { apiAudience, ...rest } = readCallerSettings(process.env);
    return apiAudience === undefined ? undefined : callerTokens(authorityOf(rest), apiAudience);
  }),
};

/** Whose credential is stored under this name? */
export function ownerOf(secret: string): ReturnType<typeof ownerAmong> {
  return ownerAmong(settings().deployments, secret);
}

function readOnce(): Settings | SettingsError {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}
