import { SETTING_NAMES } from "../shared/deployment/settings.ts";

const { withoutProxy } = await import(new URL("../scripts/loopback.mjs", import.meta.url).href);

/**
 * Takes out of the environment what an operator's shell may have set for the app, and keeps loopback from proxies: tests
 * see the same on every machine. For the configuration of Vitest, whose workers inherit it.
 */
export function forgetShell(): void {
  for (const name of SETTING_NAMES) delete process.env[name];
  Object.assign(process.env, withoutProxy(process.env));
}
