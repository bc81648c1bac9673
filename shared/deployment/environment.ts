import { readSchedule, scheduleFaults } from "./schedule.ts";

/** The settings of an app as the platform hands them over, by the name of the variable. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** When the timer runs unless ROTATION_SCHEDULE says otherwise. */
export const HOURLY = "0 0 * * * *";
/** How long before its end a credential is replaced unless SECRET_RENEW_BEFORE_DAYS says otherwise. */
export const RENEW_BEFORE_DAYS = 30;

/** What is set; nothing but blanks counts as not set. */
export function given(env: Environment): Record<string, string> {
  const trimmed = Object.entries(env).map(([name, value = ""]) => [name, value.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ""));
}

/** Does the environment say that tokens guard the HTTP functions, whether or not it says so rightly? */
export function namesAudience(env: Environment): boolean {
  return "API_AUDIENCE" in given(env);
}

/**
 * The schedule that the host is told: the setting itself, so that the portal shows it; in other words where it holds a
 * blank of another kind (a tab, a line break, one of a web page), which the host would take for a part of a number. With one
 * that cannot be read, or that would hardly ever fall due, the timer runs hourly and fails, so that it is noticed.
 */
export function timerSchedule(env: Environment): string {
  const { ROTATION_SCHEDULE: schedule, SECRET_RENEW_BEFORE_DAYS: days = RENEW_BEFORE_DAYS } = given(env);
  if (schedule === undefined || !readSchedule(schedule)) return HOURLY;
  if (scheduleFaults(schedule, Number(days)).length > 0) return HOURLY;
  const plain = schedule.replace(/\s+/g, " ");
  return plain === env.ROTATION_SCHEDULE ? "%ROTATION_SCHEDULE%" : plain;
}
