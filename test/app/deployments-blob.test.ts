import { describe, expect, it } from "vitest";
import { amid, refuses } from "../../proof/strikes/strike.ts";
import { MINUTE, openApp } from "./app.ts";
import { runTimer, said } from "./trouble.ts";

const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
const PATH = "/settings/deployments.json";
const upload = (list: unknown) =>
  app().cloud.storageBlob.put(PATH, typeof list === "string" ? list : JSON.stringify(list));
const entry = (name: string, more: object = {}) => ({ name, openMetadataUrl: app().cloud.urls.openMetadata, ...more });
const status = async () => (await app().call("GET", "status")).body;
const names = async () => ((await status()).deployments as { deployment: string }[]).map((one) => one.deployment);
const asked = (since: number) =>
  app()
    .exchanges.slice(since)
    .filter(({ service }) => service === "storage-blob");

describe("deployments that lie in a blob", () => {
  it("are an error of the storage account as long as nothing can be read", async () => {
    await app().restart({
      ROTATION_SCHEDULE: "0 0 11 * * MON",
      OPENMETADATA_URL: "",
      PRINCIPAL_DOMAIN: "",
      DEPLOYMENTS_BLOB: `${app().cloud.urls.blob}${PATH}`,
    });
    expect(await app().call("GET", "status")).toMatchObject({ status: 502, body: { code: "storage-refused" } });
  });

  it("are said to be missing by the timer, which is not called silent for that", async () => {
    const since = app().log.length;
    expect(await runTimer(app())).toBe(false);
    expect(said(app(), since)).toMatch(
      /no deployment is served: Cannot read the list .* 404 .*\. Give the identity .* and correct DEPLOYMENTS_BLOB/,
    );
    upload([entry("blue")]);
    expect((await status()).engine).toMatchObject({ timer: { ranOn: expect.any(String), silent: false } });
    await app().clock.advance(2 * MINUTE);
  });

  it("are served, and the one that is wrong is named in status and in the timer's log", async () => {
    upload([entry("blue"), entry("green", { colour: "green" }), entry("red")]);
    expect(await names()).toEqual(["blue", "red"]);
    expect((await status()).faults).toEqual(["DEPLOYMENTS_BLOB[1] has unknown fields: colour"]);
    const since = app().log.length;
    await runTimer(app());
    expect(said(app(), since)).toContain(
      "problem with the list of deployments: DEPLOYMENTS_BLOB[1] has unknown fields: colour",
    );
    await app().post("provision", { deployment: "blue" });
  });

  it("are asked for once a minute, and read again when they have changed", async () => {
    await app().clock.advance(2 * MINUTE);
    app().mark();
    for (let minutes = 0; minutes < 3; minutes += 1) {
      for (let times = 0; times < 3; times += 1) await names();
      await app().clock.advance(MINUTE);
    }
    const answers = asked(0).map((one) => one.status);
    expect(new Set(answers)).toEqual(new Set([304]));
    expect(answers.length).toBeLessThanOrEqual(4);
    upload([entry("blue"), entry("green")]);
    await app().clock.advance(MINUTE);
    expect(await names()).toEqual(["blue", "green"]);
  });

  it("stay those that were read last while the blob cannot be read, or is no list any more", async () => {
    await app().clock.advance(2 * MINUTE);
    await amid(app(), refuses({ service: "storage-blob" }), async () =>
      expect(await names()).toEqual(["blue", "green"]),
    );
    upload("[{");
    await app().clock.advance(2 * MINUTE);
    expect(await names()).toEqual(["blue", "green"]);
    expect((await status()).faults).toEqual([
      "the list could not be read, so the previous one stays in use: DEPLOYMENTS_BLOB must be JSON",
    ]);
  });

  it("are not read for a caller who is not let in", async () => {
    await app().clock.advance(2 * MINUTE);
    app().mark();
    expect((await fetch(`${app().host.url}/api/status`)).status).toBe(401);
    expect(app().exchanges).toEqual([]);
  });
});
