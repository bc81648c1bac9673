import { beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers, holds, meanwhile } from "../../proof/strikes/strike.ts";
import { type App, anew, DAY, HOUR, MINUTE, openApp, SECRET } from "./app.ts";
import { endsWell, runTimer, said } from "./trouble.ts";

const BOT_USER = { service: "openmetadata", method: "PUT", path: /\/v1\/users$/ } as const;

const bot = ({ cloud }: App) => cloud.openMetadata.bots().find(({ name }) => name === "ingestion-bot");
const botUser = (app: App) => app.cloud.openMetadata.users().find(({ id }) => id === bot(app)?.userId);
const holders = (app: App) => {
  const { openMetadata } = app.cloud;
  const pinned = openMetadata.pipelines().filter(({ deployed }) => deployed);
  return [...pinned.map((one) => one.pinned), openMetadata.botMechanism("ingestion-bot")].map((held) =>
    held?.authType === "SSO" ? held.config.authConfig?.clientSecret : held?.authType,
  );
};
const everybodyHolds = (app: App, value: string | undefined) => expect(new Set(holders(app))).toEqual(new Set([value]));

/** The write of an older push, whose run is no more. */
async function putBotUser({ cloud }: App, old: ReturnType<typeof botUser>): Promise<void> {
  if (old?.mechanism?.authType !== "SSO") throw new Error("The bot does not sign in to Entra");
  const { name, email, displayName, mechanism } = old;
  const answer = await fetch(`${cloud.urls.openMetadata}/api/v1/users`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${cloud.openMetadata.adminBotToken()}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      name,
      email,
      displayName,
      botName: "ingestion-bot",
      isAdmin: false,
      isBot: true,
      roles: [],
      authenticationMechanism: mechanism,
    }),
  });
  expect(answer.status).toBe(200);
}

describe.each(["0.13.2", "1.1.0", "1.2.2", "1.2.5"] as const)("with OpenMetadata %s, a push", (release) => {
  const app = openApp({ release });

  beforeAll(() => {
    const { openMetadata, ingestion } = app().cloud;
    openMetadata.addPipeline({ name: "warehouse", deployed: true });
    openMetadata.addPipeline({ name: "lake", deployed: true });
    openMetadata.addPipeline({ name: "draft", deployed: false });
    ingestion.start();
  });

  it("lets the bot sign in to Entra as the service principal of ingestion, and deploys what was deployed", async () => {
    const { cloud } = app();
    await app().settle();
    const [server, ingestion] = ["openmetadata-server", "openmetadata-ingestion"].map((name) =>
      cloud.directory.applications().find(({ uniqueName }) => uniqueName === name),
    );
    const objectId = cloud.directory.servicePrincipals().find(({ appId }) => appId === ingestion?.appId)?.id;
    expect(botUser(app())).toMatchObject({
      name: objectId,
      email: `${objectId}@example.com`,
      displayName: "ingestion-bot",
      isAdmin: false,
      isBot: true,
      roles: ["IngestionBotRole"],
      mechanism: {
        authType: "SSO",
        config: {
          ssoServiceType: "azure",
          authConfig: {
            clientId: ingestion?.appId,
            clientSecret: app().latest()?.value,
            authority: `${cloud.urls.entra}/${cloud.directory.tenantId}`,
            scopes: [`api://${server?.appId}/.default`],
          },
        },
      },
    });
    everybodyHolds(app(), app().latest()?.value);
    expect(cloud.openMetadata.pipelines().map(({ deployed }) => deployed)).toEqual([true, true, false]);
    expect(app().latest()?.tags.deliveredOn).toBeDefined();
  });

  it("keeps user, e-mail and roles when it is repeated with the next secret", async () => {
    const { mechanism: _, version: __, updatedAt: ___, description, ...before } = botUser(app()) ?? {};
    expect(description).toContain(`Holds version ${app().latest()?.version} of its client secret in the vault`);
    await app().clock.advance(HOUR);
    await app().post("rotate", { because: "leaver" });
    expect(botUser(app())).toMatchObject(before);
    expect(botUser(app())?.description).toBe(description?.replace(/version \S+/, `version ${app().latest()?.version}`));
    everybodyHolds(app(), app().latest()?.value);
  });

  // Where the secret is shown masked, nobody can tell.
  if (release === "0.13.2" || release === "1.2.2") {
    it("is not delivered where the server answers success and keeps what it has", async () => {
      const { mechanism: _, ...user } = botUser(app()) ?? {};
      const silent = answers(BOT_USER, { status: 200, body: { ...user, roles: [] } });
      const { status, body } = await amid(app(), silent, () => app().call("POST", "rotate", { because: "leaver" }));
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: "openmetadata-not-updated",
        detail: expect.stringMatching(/did not change clientSecret$/),
      });
      expect(app().latest()?.tags.deliveredOn).toBeUndefined();
      await app().post("rotate");
      everybodyHolds(app(), app().latest()?.value);
    });
  }

  it("has never kept ingestion from signing in", () => {
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    expect(app().cloud.ingestion.signIns()).toBeGreaterThan(2);
  });
});

describe("a push", () => {
  const app = openApp({ settings: { SECRET_OVERLAP_DAYS: "1" } });
  const replace = () => app().call("POST", "rotate", { because: anew(app()) });

  beforeAll(async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    app().cloud.openMetadata.addPipeline({ name: "lake", deployed: true });
    await app().settle();
    app().cloud.ingestion.start();
    await app().clock.advance(DAY);
  });
  endsWell(app);

  it("names a pipeline that cannot be deployed, keeps the old secret, and is done once that is mended", async () => {
    const old = app().latest();
    app().cloud.openMetadata.setDeployFails("lake", true);
    const { status, body } = await replace();
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: "pipelines-not-deployed", detail: expect.stringContaining('"lake"') });
    expect(app().latest()?.tags.deliveredOn).toBeUndefined();
    await app().clock.advance(2 * DAY);
    expect(said(app())).toContain('pipeline "lake" was not deployed: Error deploying');
    expect(
      app()
        .inEntra()
        .map(({ keyId }) => keyId),
    ).toContain(old?.tags.keyId);
    expect(app().cloud.openMetadata.pipelines().at(-1)?.pinned).toMatchObject({
      config: { authConfig: { clientSecret: old?.value } },
    });
    app().cloud.openMetadata.setDeployFails("lake", false);
    await app().clock.advance(7 * HOUR);
    expect(app().latest()?.tags.deliveredOn).toBeDefined();
  });

  it("writes nothing to the bot when Entra refuses the secret", async () => {
    const held = app().held();
    const gone = meanwhile({ service: "openmetadata", path: /bots\/name/, times: 1 }, () =>
      app().cloud.directory.removePasswordByHand(app().latest()?.tags.keyId ?? ""),
    );
    app().mark();
    const { status, body } = await amid(app(), gone, replace);
    expect(status).toBe(503);
    expect(body.code).toBe("secret-refused");
    expect(app().writes("openmetadata")).toEqual([]);
    expect(app().held()).toBe(held);
  });

  it("begins again when the current version changes meanwhile: the later one wins", async () => {
    const { directory, vault } = app().cloud;
    const mark = "managed by openmetadata-entra other-run";
    let later = "";
    const promoted = meanwhile({ ...BOT_USER, times: 1 }, () => {
      const { keyId, value } = directory.addPasswordByHand("openmetadata-ingestion", { displayName: mark });
      const tags = { managedBy: "openmetadata-entra", keyId, nonce: "other-run" };
      const expiresOn = new Date(app().clock.now().getTime() + 90 * DAY);
      vault.setByHand(SECRET, value, { tags, expiresOn });
      later = value;
    });
    app().mark();
    const { status } = await amid(app(), promoted, replace);
    expect(status).toBe(200);
    expect(
      app()
        .writes("openmetadata")
        .filter((line) => line.startsWith("PUT /api/v1/users")),
    ).toHaveLength(2);
    everybodyHolds(app(), later);
  });

  it("that is overtaken by another one puts right what it has put wrong", async () => {
    const { fault, reached, release } = holds({ service: "openmetadata", path: /users\/name/ });
    const [overtaken] = await amid(app(), fault, async () => {
      const first = replace();
      await reached;
      const second = await app().call("POST", "rotate", { because: "something else" });
      expect(second.status).toBe(200);
      everybodyHolds(app(), app().latest()?.value);
      release();
      return [await first];
    });
    expect(overtaken).toMatchObject({
      status: 200,
      body: { result: { credentials: [{ version: app().latest()?.version }, {}] } },
    });
    everybodyHolds(app(), app().latest()?.value);
  });

  // 1.2.5 masks the secret, and one that was put back shows nothing: the version of the bot's user tells.
  it.each([
    ["1.2.2", "has changed meanwhile", false],
    ["1.2.5", "has changed meanwhile", false],
    ["1.2.2", "has changed for a moment", true],
    ["1.2.5", "has changed for a moment", true],
  ] as const)("deploys again on %s what an older push %s", async (release, _, putBack) => {
    const { openMetadata } = app().cloud;
    openMetadata.options.release = release;
    const old = botUser(app());
    const { fault, reached, release: goOn } = holds({ service: "openmetadata", path: /ingestionPipelines$/ });
    app().mark();
    const { status } = await amid(app(), fault, async () => {
      const newer = replace();
      await reached;
      const mine = botUser(app());
      await putBotUser(app(), old);
      if (putBack) await putBotUser(app(), mine);
      goOn();
      return newer;
    });
    expect(status).toBe(200);
    expect(
      app()
        .writes("openmetadata")
        .filter((line) => line.startsWith("POST /api/v1/services")),
    ).toHaveLength(2);
    everybodyHolds(app(), app().latest()?.value);
  });

  it("that costs the bot's user its roles, as two at once do in 1.2, says so before it counts as delivered", async () => {
    let written = false;
    const response = async (original: Response): Promise<Response> =>
      Response.json({ ...((await original.json()) as object), roles: [] });
    const loss: Fault = ({ service, method, path }) => {
      if (service !== "openmetadata") return undefined;
      if (method === "PUT" && path.endsWith("/users")) written = true;
      return written && /users\/name\//.test(path) ? { kind: "after", response } : undefined;
    };
    const { status, body } = await amid(app(), loss, replace);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "bot-roles-lost", detail: expect.stringMatching(/the roles [\da-f-]{36}$/) });
    expect(body.hint).toContain("in Settings > Users");
    expect(app().latest()?.tags.deliveredOn).toBeUndefined();
    await app().post("rotate");
    everybodyHolds(app(), app().latest()?.value);
  });

  it("that lands late and dies is put right by the run that confirms", async () => {
    const { fault, reached, release } = holds({ service: "openmetadata", path: /users\/name/ });
    const late = app().latest()?.value;
    await amid(app(), fault, async () => {
      const first = replace();
      await reached;
      await app().clock.advance(MINUTE);
      expect((await replace()).status).toBe(200);
      const dead = answers({ service: "openmetadata", path: /pipelines|auth-mechanism/ }, { status: 500 });
      release();
      expect((await amid(app(), dead, () => first)).status).toBe(503);
    });
    expect(app().held()).not.toBe(late);
    expect(app().held()).not.toBe(app().latest()?.value);
    await app().clock.advance(15 * MINUTE);
    expect(await runTimer(app())).toBe(true);
    everybodyHolds(app(), app().latest()?.value);
  });
});
