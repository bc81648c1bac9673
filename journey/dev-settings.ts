import { join } from "node:path";
import type { Cloud } from "../local/cloud/cloud.ts";
import { readLocalSettings } from "../local/host/local-settings.ts";

export interface DevSettings {
  settings: Record<string, string>;
  /** Names that local.settings.json sets in vain. */
  overruled: string[];
}

/**
 * The app settings of a session: those of local.settings.json, and over them those by which the app finds the local
 * cloud. So a copy of the sample works, although its addresses lead nowhere. Only an empty API_AUDIENCE counts: with
 * it function keys guard the API, as on Azure. `env` is that of the shell, whose variables win over the file.
 * @throws {Error} when the file is no settings file.
 */
export function devSettings(root: string, cloud: Pick<Cloud, "settings">, env: NodeJS.ProcessEnv): DevSettings {
  const own = readLocalSettings(join(root, "local.settings.json"), env);
  const { API_AUDIENCE = "", ...addresses } = cloud.settings;
  const audience = own.API_AUDIENCE === "" ? "" : API_AUDIENCE;
  const settings = { ...own, ...addresses, API_AUDIENCE: audience };
  const names = Object.keys(own) as (keyof typeof settings)[];
  return { settings, overruled: names.filter((name) => own[name] !== settings[name]) };
}
