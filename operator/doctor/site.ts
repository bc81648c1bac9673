import { z } from "zod";
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
  if (!values)
    findings.push(
      unseen(
        "settings",
        "you may not list the app settings, so queues and timer are not looked at",
        "Ask as a Website Contributor",
      ),
    );
  return { findings, settings: values ?? {} };
}
