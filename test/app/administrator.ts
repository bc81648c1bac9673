import { GRAPH_APP_ID } from "../../local/cloud/directory/microsoft-graph.ts";
import type { App } from "./app.ts";

/** Client id of what the administrator uses. */
export const ADMINISTRATORS_TOOL = "de8bc8b5-d9f9-48b1-a8ad-b748da725064";

/** What an administrator of the tenant does by hand, through Graph as the portal does. @returns Graph's answer. */
export async function asAdministrator(
  { cloud }: App,
  method: "PATCH" | "POST" | "DELETE",
  { path, body, headers = {} }: { path: string; body?: unknown; headers?: Record<string, string> },
): Promise<unknown> {
  const token = await cloud.entra.issueToken({
    aud: GRAPH_APP_ID,
    oid: "0a6f6bd4-58a1-4b5c-8f0e-0a5a3d4f6e70",
    azp: ADMINISTRATORS_TOOL,
    roles: ["Application.ReadWrite.All", "Directory.ReadWrite.All"],
  });
  const answer = await fetch(`${cloud.urls.graph}/v1.0${path}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Graph answered ${answer.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** The registration of that name as it is in the tenant. */
export function registration({ cloud }: App, name = "openmetadata-server") {
  const found = cloud.directory.applications().find(({ uniqueName }) => uniqueName === name);
  if (!found) throw new Error(`The tenant has no registration "${name}"`);
  return found;
}

/** The object id of the service principal of an application. */
export function principalOf({ cloud }: App, clientId: string): string | undefined {
  return cloud.directory.servicePrincipals().find(({ appId }) => appId === clientId)?.id;
}
