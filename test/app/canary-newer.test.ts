import { beforeAll, describe, expect, it } from "vitest";
import type { Fault, IncomingRequest } from "../../local/cloud/exchange.ts";
import { holdsPiece } from "../../proof/strikes/leaks.ts";
import { amid, answers, loses, type Meant, refuses, strike } from "../../proof/strikes/strike.ts";
import { type App, DAY, HOUR, MINUTE, openApp } from "./app.ts";
import { collectShown } from "./shown.ts";
import { runTimer } from "./trouble.ts";

/** The values of OpenMetadata 1.12 with the authorization-code flow; see canary.test.ts for those of 1.2. */
const app = openApp({ release: "1.12.6", flow: "auth-code", settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
const TOKEN = "openmetadata-bot-token";
const SECRET = "openmetadata-server-client-secret";

/** Every value that must never be shown: client secrets, tokens of the bot, bearer tokens; and Entra's hints of secrets. */
const secrets = new Set<string>();
const tokens = new Set<string>();
const botTokens = new Set<string>();
const hints = new Set<string>();
const shown = collectShown(app);
const wired: string[] = [];

const heldToken = (): string => {
  const mechanism = app().cloud.openMetadata.botMechanism("ingestion-bot");
  return (mechanism?.authType === "JWT" ? mechanism.config.JWTToken : "") ?? "";
};

beforeAll(() => {
  botTokens.add(heldToken());
  app().cloud.wire.onExchange.push(({ headers, body, answerBody }) => {
    wired.push(body, answerBody);
    for (const [, value = ""] of answerBody.matchAll(/"secretText":"([^"]+)"/g)) secrets.add(value);
    for (const [, hint = ""] of answerBody.matchAll(/"hint":"([^"]+)"/g)) hints.add(hint);
    for (const [token] of `${headers.get("authorization")} ${answerBody}`.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) {
      tokens.add(token);
    }
    const held = heldToken();
    if (held) botTokens.add(held);
  });
});

/**
 * Says which kind of thing is found in the text; never shows it. Of a bot's token its signature counts in any piece:
 * head and claims say nothing that is not known.
 */
function leaksIn(text: string): string[] {
  const signatures = [...botTokens].map((token) => token.split(".")[2] ?? "");
  return [
    ...(holdsPiece(text, secrets) ? ["a client secret"] : []),
    ...(holdsPiece(text, signatures) ? ["a bot's token"] : []),
    ...([...tokens].some((token) => text.includes(token.slice(-12))) ? ["a token"] : []),
    ...(/\beyJ[\w-]{10}/.test(text) ? ["something like a token"] : []),
    ...([...hints].some((hint) => text.includes(`"${hint}"`)) ? ["the hint of a client secret"] : []),
  ];
}
const allShown = (): string => {
  const vault = app()
    .cloud.vault.secrets()
    .flatMap(({ versions }) => versions.map(({ value: _, ...facts }) => facts));
  return [...shown, JSON.stringify(app().log), JSON.stringify(vault)].join("\n");
};

const OM = { service: "openmetadata" } as const;
const VAULT = { service: "key-vault" } as const;
const secret = () => app().latest(SECRET)?.value ?? "";
const openMetadataError = (message: string) => ({ code: 400, message });
const graphError = (text: string) => ({ error: { code: text.slice(0, 300), message: text } });

/** A service that repeats what it was sent, and what the bot and the server hold. */
const echoes = (where: Meant, answer: (said: string) => object, status = 400): Fault =>
  strike(where, (request: IncomingRequest) => {
    const said = `Cannot process ${request.body} of ${request.headers.get("authorization")} (${heldToken()}, ${secret()})`;
    const response = () => Response.json(answer(said), { status, headers: { "x-injected-fault": "1" } });
    return { kind: "answer", response };
  });

async function look(): Promise<void> {
  const token = await app().cloud.callerToken(["Automation.Read"]);
  await app().call("GET", "status");
  for (const format of ["docker", "bare-metal", "kubernetes", "ingestion", "collate"]) {
    const url = `${app().host.url}/api/configuration?format=${format}`;
    await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  }
}
const removeReplaced = ({ cloud, latest }: App): void => {
  const holder = cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-server");
  for (const { keyId } of holder?.secrets ?? []) {
    if (keyId !== latest(SECRET)?.tags.keyId) cloud.directory.removePasswordByHand(keyId);
  }
};

describe("nothing that is secret is shown, with OpenMetadata 1.12", () => {
  it("by adoption, a first rotation, its confirmation, and what tells about it", async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    for (const path of ["provision", "consent", "rotate"]) await app().post(path);
    await app().call("POST", "rotate", { dryRun: true, because: "x" });
    await look();
    await app().clock.advance(2 * HOUR);
    await runTimer(app());
    expect(leaksIn(allShown())).toEqual([]);
    expect(secrets.size).toBe(2);
    expect(hints.size).toBeGreaterThan(0);
  });

  it("by an emergency, whose reason repeats the leaked token", async () => {
    await app().clock.advance(MINUTE);
    const because = `${heldToken().slice(0, 180)} was found in a log`;
    await app().post("rotate", { credential: "bot-token", because, revokeOld: true });
    expect(botTokens.size).toBe(2);
    expect(leaksIn(allShown())).toEqual([]);
  });

  it.each<[what: string, credential: string, fault: () => Fault]>([
    ["OpenMetadata is down", "bot-token", () => refuses(OM)],
    [
      "it repeats a token to a reader",
      "bot-token",
      () => echoes({ ...OM, path: /auth-mechanism/ }, openMetadataError, 500),
    ],
    [
      "it repeats it when it issues one",
      "bot-token",
      () => echoes({ ...OM, path: /generateToken/ }, openMetadataError, 500),
    ],
    [
      "it repeats one that was shown to it",
      "bot-token",
      () => echoes({ ...OM, path: /loggedInUser/, skip: 2 }, openMetadataError, 500),
    ],
    [
      "it answers a token in another shape",
      "bot-token",
      () =>
        answers(
          { ...OM, path: /auth-mechanism/, skip: 2 },
          { status: 200, body: { authType: "JWT", config: { JWTToken: [heldToken()] } } },
        ),
    ],
    [
      "it answers half a token",
      "bot-token",
      () =>
        answers(
          { ...OM, path: /auth-mechanism/, skip: 2 },
          { status: 200, body: { authType: "JWT", config: { JWTToken: `${heldToken().slice(0, -20)}****` } } },
        ),
    ],
    [
      "a pipeline cannot be deployed, and the reason is the token",
      "bot-token",
      () =>
        strike({ ...OM, path: /bulk\/deploy/ }, () => ({
          kind: "answer",
          response: () =>
            Response.json([{ code: 500, reason: `Airflow: bad ${heldToken()}` }], {
              headers: { "x-injected-fault": "1" },
            }),
        })),
    ],
    ["the vault repeats the token", "bot-token", () => echoes({ ...VAULT, method: "PUT", skip: 1 }, graphError)],
    ["the vault repeats it to a note", "bot-token", () => echoes({ ...VAULT, method: "PATCH" }, graphError, 403)],
    ["the vault breaks off", "bot-token", () => loses({ ...VAULT, method: "PUT" })],
    [
      "the server's configuration repeats all",
      "server-client-secret",
      () => echoes({ ...OM, path: /security/ }, openMetadataError, 500),
    ],
    [
      "the server repeats the new secret",
      "server-client-secret",
      () => echoes({ ...OM, method: "PATCH" }, openMetadataError, 500),
    ],
    [
      "the server's validator repeats it",
      "server-client-secret",
      () =>
        echoes({ ...OM, method: "PATCH" }, (said) => ({
          status: "failed",
          errors: [
            { field: "x.secret", error: said },
            { field: "authority", error: said },
          ],
        })),
    ],
    [
      "the server's conflict repeats it",
      "server-client-secret",
      () => echoes({ ...OM, method: "PATCH" }, openMetadataError, 409),
    ],
    [
      "the vault repeats the secret",
      "server-client-secret",
      () => echoes({ ...VAULT, method: "PUT", skip: 1 }, graphError),
    ],
    ["Graph repeats all", "server-client-secret", () => echoes({ service: "graph" }, graphError, 401)],
    [
      "Entra repeats what it was sent",
      "server-client-secret",
      () =>
        echoes({ service: "entra", path: /v2\.0\/token$/ }, (said) => ({
          error: "invalid_request",
          error_description: said,
          error_codes: [said],
        })),
    ],
  ])("when %s", async (_, credential, fault) => {
    await app().clock.advance(HOUR);
    await app().restart();
    const since = { log: app().log.length, shown: shown.length };
    const before = [botTokens.size, secrets.size];
    await amid(app(), fault(), async () => {
      await app().call("POST", "rotate", { credential, because: "leaver" });
      await app().call("GET", "status");
      await app().clock.advance(6 * MINUTE);
      await runTimer(app());
    });
    await app().clock.advance(3 * MINUTE);
    await app().post("rotate", { credential, because: "leaver" });
    removeReplaced(app());
    const news = [...shown.slice(since.shown), JSON.stringify(app().log.slice(since.log))].join("\n");
    expect(leaksIn(news)).toEqual([]);
    expect([botTokens.size, secrets.size]).not.toEqual(before);
    expect(app().latest(TOKEN)?.value === heldToken()).toBe(true);
    expect(app().cloud.openMetadata.clientSecret() === secret()).toBe(true);
  });

  it("in all of that, nor in the vault's tags", async () => {
    await app().clock.advance(DAY);
    await runTimer(app());
    expect(leaksIn(allShown())).toEqual([]);
    expect(app().log.length).toBeGreaterThan(300);
    expect(botTokens.size).toBeGreaterThan(8);
  });

  it("though the search would find each of it", () => {
    expect(leaksIn(wired.join("\n"))).toEqual([
      "a client secret",
      "a bot's token",
      "a token",
      "something like a token",
      "the hint of a client secret",
    ]);
    for (const token of botTokens) expect(leaksIn(token.slice(-30, -15))).toEqual(["a bot's token"]);
  });
});
