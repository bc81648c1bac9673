import { expect, it } from "vitest";
import { MINUTE, openApp } from "./app.ts";
import { said } from "./trouble.ts";

const app = openApp({ release: "1.12.6", settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

it("a pipeline that a switched off runner says to have deployed still holds the old token, and that is said", async () => {
  const { openMetadata } = app().cloud;
  openMetadata.addPipeline({ name: "warehouse", deployed: true });
  for (const path of ["provision", "consent", "rotate"]) await app().post(path);
  openMetadata.options.runnerDisabled = true;
  await app().clock.advance(60_000);
  const { status, body } = await app().call("POST", "rotate", { credential: "bot-token", because: "leaver" });
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: "pipelines-not-deployed", detail: expect.stringContaining('"warehouse"') });
  expect(said(app())).toContain('pipeline "warehouse" was not deployed: Pipeline Client Disabled');
  expect(app().latest("openmetadata-bot-token")?.tags.deliveredOn).toBeUndefined();
  openMetadata.options.runnerDisabled = false;
  await app().clock.advance(6 * MINUTE);
  expect(app().latest("openmetadata-bot-token")?.tags.deliveredOn).toBeDefined();
});
