import { z } from "zod";
import { readSettings } from "../../shared/deployment/settings.ts";
import { SettingsError } from "../../shared/errors.ts";
import type { AzureResources } from "./azure-resources.ts";
import { type Finding, ok, red, unseen } from "./finding.ts";

const API = "2025-03-01";
const site = z.object({
  properties: z.object({ state: z.string(), defaultHostName: z.string() }),
  identity: z
    .object({ userAssignedIdentities: z.record(z.string(), z.object({ principalId: z.string().nullish() })).nullish() })
    .nullish(),
});
const settings = z.object({ properties: z.record(z.string(), z.string()) });

export interface SiteLook {
  findings: Finding[];
  /** The app settings, where whoever asks may list them. */
  settings: Record<string, string>;
}

/** The function app as a resource of Azure. */
export async function lookAtSite(
  azure: AzureResources,
  { appId, url }: { appId: string; url: string },
): Promise<SiteLook> {
  const found = await azure.read(appId, API, site);
  if (!found)
    return {
      findings: [unseen("app", `you may not read ${appId}`, "Ask as a Reader of the function app")],
      settings: {},
    };
  const { state, defaultHostName } = found.properties;
  const findings: Finding[] = [];
  findings.push(
    state === "Running" ? ok("app", "it runs") : red("app", `it is ${state}`, `az functionapp start --ids ${appId}`),
  );
  if (!/localhost|127\.0\.0\.1/.test(url) && new URL(url).host !== defaultHostName) {
    findings.push(unseen("app", `its own name is ${defaultHostName}, you ask ${new URL(url).host}`));
  }
  const listed = await azure.post(`${appId}/config/appsettings/list`, API);
  const values =
    listed.kind === "answered" && listed.status === 200 ? settings.safeParse(listed.json).data?.properties : undefined;
  if (values) findings.push(...judgeSettings(values));
  if (!values)
    findings.push(
      unseen(
        "settings",
        "you may not list the app settings, so queues and timer were not checked",
        "Ask as a Website Contributor",
      ),
    );
  return { findings, settings: values ?? {} };
}

/** The app itself tells its faults to nobody but who has a function key: until they are mended it cannot check tokens. */
export function judgeSettings(settings: Readonly<Record<string, string>>): Finding[] {
  try {
    const { apiAudience } = readSettings(settings);
    if (apiAudience) return [ok("settings", "all are set")];
    return [
      red(
        "settings",
        "API_AUDIENCE is not set, so the app is guarded by function keys",
        "npm run permit makes the registration; set API_AUDIENCE to its client ID",
      ),
    ];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults.map((fault) =>
      red("settings", fault, "Correct the parameter and deploy again; then restart the app"),
    );
  }
}
