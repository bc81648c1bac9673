import { expect, it } from "vitest";
import { openApp, SECRET } from "./app.ts";

const app = openApp();

it("sends no server a secret that the app has stored itself, whatever list of deployments names it as a token", async () => {
  await app().settle();
  const { urls, wire } = app().cloud;
  const { value = "" } = app().latest() ?? {};
  const sent: string[] = [];
  wire.onExchange.push(({ service, headers }) => {
    if (service === "openmetadata") sent.push(headers.get("authorization") ?? "");
  });
  const entry = { name: "other", openMetadataUrl: urls.openMetadata, openMetadataTokenSecret: SECRET };
  await app().restart({ OPENMETADATA_URL: "", PRINCIPAL_DOMAIN: "", DEPLOYMENTS: JSON.stringify([entry]) });
  const { status, body } = await app().call("GET", "status");
  expect(status).toBe(200);
  expect(sent.join()).not.toContain(value);
  expect(JSON.stringify(body)).toContain(`secret \\"${SECRET}\\" was stored by this app`);
});
