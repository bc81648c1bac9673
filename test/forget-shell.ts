import { SETTING_NAMES } from "../shared/deployment/settings.ts";

const { withoutProxy } = await import(new URL("../scripts/loopback.mjs", import.meta.url).href);

/** What Azure's platforms and tools tell those that run on them: Microsoft's SDKs find identities by it. */
const OF_AZURE = /^(AZURE|IDENTITY|MSI|WEBSITE)_|^AzureWebJobs/;

/**
 * Takes out of the environment what an operator's shell may have set for the app, or a runner on Azure for whatever it
 * runs, and keeps loopback from proxies: tests see the same on every machine. For the configuration of Vitest, whose workers inherit it.
 */
export function forgetShell(): void {
  const names = Object.keys(process.env).filter((name) => SETTING_NAMES.includes(name) || OF_AZURE.test(name));
  for (const name of names) delete process.env[name];
  Object.assign(process.env, withoutProxy(process.env));
}
