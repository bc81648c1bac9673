import { namesAudience, timerSchedule } from "../deployment/environment.ts";

// What the host is told when it loads the app. Every cold start waits for this: nothing here reads the other settings.

/** NCRONTAB of the timer. */
export const rotationSchedule = timerSchedule(process.env);

/**
 * Function keys guard the HTTP functions, unless bearer tokens do, with wrong settings too: the host's own 401 would tell
 * the callers nothing. Nothing is ever open to anyone.
 */
export const authLevel = namesAudience(process.env) ? "anonymous" : "function";
