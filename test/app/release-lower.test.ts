import { describe, expect, it } from "vitest";
import { amid, answers } from "../../proof/strikes/strike.ts";
import { openApp } from "./app.ts";

const QUIET = { ROTATION_SCHEDULE: "0 0 11 * * MON" };
const app = openApp({ release: "1.12.6", settings: QUIET });

/** Another server at the same address, or a proxy, or somebody who wants the secret. */
const older = answers(
  { service: "openmetadata", path: /\/system\/version$/ },
  { status: 200, body: { version: "1.2.5", revision: "x", timestamp: 0 } },
);

describe("a server that says that it is older than before", () => {
  it("is not given the client secret, nor believed about the bot's token", async () => {
    await app().post("provision");
    await app().post("consent");
    await app().call("POST", "rotate");
    app().mark();
    const told = (credential: string) =>
      amid(app(), older, () => app().call("POST", "rotate", { credential, because: "leaver" }));
    const lower = (detail: RegExp) => ({
      status: 409,
      body: {
        code: "openmetadata-release-lower",
        detail: expect.stringMatching(detail),
        hint: expect.stringContaining('set BOT_CREDENTIAL to "sso"'),
      },
    });
    expect(await told("ingestion-client-secret")).toMatchObject(
      lower(/reports version 1\.2\.5, but the bot has had a token/),
    );
    expect(app().writes("openmetadata")).toEqual([]);
    await app().restart({ ...QUIET, BOT_NAME: "another-bot" });
    expect(await told("bot-token")).toMatchObject(lower(/OpenMetadata 1\.2\.5 signs bots in/));
  });

  it("is given it when an operator says so", async () => {
    app().cloud.openMetadata.options.release = "1.2.5";
    await app().restart({ ...QUIET, BOT_CREDENTIAL: "sso" });
    await app().post("rotate", { because: "it was set back" });
    expect(app().held()).toBe(app().latest()?.value);
  });
});
