import { existsSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, relative, sep } from "node:path";
import { type App, createCoreApi } from "./core-api.ts";
import { HostFault } from "./host-fault.ts";
import { type Log, sayStartup } from "./log.ts";

/**
 * Loads the app's entry afresh, with a core API of its own, and lets it start: entry, `appStart` hooks, capabilities,
 * in the order of the Node worker. An entry that throws costs all functions of the app, also those registered before
 * it threw: one line of the log says why, and the host goes on without functions (azure-functions-nodejs-worker #697).
 */
export async function loadApp({ main, root }: { main: string; root: string }, log: Log): Promise<App> {
  const { app, api } = createCoreApi(log);
  const entry = relative(root, main).replaceAll("\\", "/");
  try {
    if (!existsSync(main)) throw new Error("File does not exist");
    requireWith(api, main);
  } catch (error) {
    sayStartup(log, "error", `Worker was unable to load entry point "${entry}": ${messageOf(error)}`);
    return createCoreApi(log).app;
  }
  try {
    await app.hooks.run("appStart", { hookData: {}, functionAppDirectory: root });
  } catch (error) {
    // The real host keeps this one to itself, to the despair of everyone who ever looked for it.
    sayStartup(log, "error", `A hook of "appStart" failed: ${messageOf(error)}`);
    app.registrations = [];
  }
  const capabilities = (await app.model?.getCapabilities({})) ?? {};
  app.started = true;
  if ("HttpUri" in capabilities) throw new HostFault("HTTP streaming (enableHttpStream) is not modelled");
  return app;
}

/**
 * The interception lasts only while the entry is being required, which is synchronous, so hosts that live at the same
 * time never see each other's: the library inside the bundle keeps the core API that its first `app.*` call got.
 */
function requireWith(coreApi: object, main: string): void {
  const require = createRequire(main);
  const original = Module.prototype.require;
  dropBelow(dirname(require.resolve(main)), require.cache);
  Module.prototype.require = Object.assign(function (this: Module, id: string): unknown {
    return id === "@azure/functions-core" ? coreApi : original.call(this, id);
  }, original);
  try {
    require(main);
  } finally {
    Module.prototype.require = original;
  }
}

/**
 * An entry may load files beside it later, when they are needed. Those that an earlier app has loaded are that app's: with
 * one of them left, the new app would have some of its modules twice, and its errors would be none of its own classes.
 */
function dropBelow(folder: string, cache: NodeJS.Dict<NodeModule>): void {
  for (const file of Object.keys(cache)) if (file.startsWith(`${folder}${sep}`)) delete cache[file];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
