import type { Cloud } from "../../local/cloud/cloud.ts";

/** Spared by faults, and not counted as the app's. */
export const INGESTION = { "user-agent": "openmetadata-ingestion" };

/** A token got with a client secret of the ingestion registration, as anyone could; undefined when Entra refuses it. */
export async function signInAsIngestion({ cloud }: { cloud: Cloud }, secret: string): Promise<string | undefined> {
  const [server, ingestion] = ["openmetadata-server", "openmetadata-ingestion"].map(
    (name) => cloud.directory.applications().find(({ uniqueName }) => uniqueName === name)?.appId ?? "",
  );
  const answer = await fetch(`${cloud.urls.entra}/${cloud.directory.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    headers: INGESTION,
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ingestion ?? "",
      client_secret: secret,
      scope: `api://${server}/.default`,
    }),
  });
  return ((await answer.json()) as { access_token?: string }).access_token;
}

/** Whether Entra lets in whoever holds the secret. */
export async function signsIn(world: { cloud: Cloud }, secret: string): Promise<boolean> {
  return (await signInAsIngestion(world, secret)) !== undefined;
}
