import { expect, it } from "vitest";
import { registration } from "./administrator.ts";
import { openApp } from "./app.ts";
import { rawCall } from "./raw-call.ts";

const PEOPLE = "https://om.example.com/callback";
const app = openApp({
  settings: {
    OPENMETADATA_URL: "http://om.internal.example:8585",
    OPENMETADATA_ALLOW_HTTP: "true",
    EXTRA_REDIRECT_URIS: PEOPLE,
  },
});

it("a server that is reached by http is provisioned and configured with the address at which people reach it", async () => {
  await app().post("provision");
  expect(registration(app(), "openmetadata-server").spa.redirectUris).toEqual([PEOPLE]);
  const headers = { authorization: `Bearer ${await app().cloud.callerToken(["Automation.Read"])}` };
  const path = "configuration?format=docker&version=1.12.6";
  const { text } = await rawCall(app(), { method: "GET", path, headers });
  expect(text).toContain(`AUTHENTICATION_CALLBACK_URL=${PEOPLE}`);
});
