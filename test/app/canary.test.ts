import { beforeAll, describe, expect, it } from "vitest";
import type { Fault, IncomingRequest } from "../../local/cloud/exchange.ts";
import { holdsPiece } from "../../proof/strikes/leaks.ts";
import { amid, answers, loses, type Meant, refuses, strike } from "../../proof/strikes/strike.ts";
import { DAY, HOUR, MINUTE, openApp } from "./app.ts";
import { collectShown } from "./shown.ts";
import { removeReplaced, runTimer } from "./trouble.ts";

const app = openApp();

/** Every client secret and every token that went over the wire. */
const secrets = new Set<string>();
const tokens = new Set<string>();
/** What the app has shown to anybody: answers of the host, console. The log and the vault's tags are read at the end. */
const shown = collectShown(app);
/** All that services and the app said to each other, for proof that the search would find something. */
const wired: string[] = [];

beforeAll(() => {
  app().cloud.wire.onExchange.push(({ headers, body, answerBody }) => {
    wired.push(body, answerBody);
    for (const [, value = ""] of answerBody.matchAll(/"secretText":"([^"]+)"/g)) secrets.add(value);
    for (const [token] of `${headers.get("authorization")} ${answerBody}`.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) {
      tokens.add(token);
    }
  });
});

/** Says which kind of thing is found in the text, in whole or in pieces of eight characters; never shows it. */
function leaksIn(text: string): string[] {
  const ends = [...tokens].map((token) => token.slice(-12));
  return [
    ...(holdsPiece(text, secrets) ? ["a client secret"] : []),
    ...(ends.some((end) => text.includes(end)) ? ["a token"] : []),
    ...(/\beyJ[\w-]{10}/.test(text) ? ["something like a token"] : []),
    ...(text.includes(app().cloud.entra.identityHeader) ? ["the key to the identity"] : []),
  ];
}
const allShown = (): string => {
  const vault = app()
    .cloud.vault.secrets()
    .flatMap(({ versions }) => versions.map(({ value: _, ...facts }) => facts));
  return [...shown, JSON.stringify(app().log), JSON.stringify(vault)].join("\n");
};

/** A service that repeats what it was sent. */
const echoes = (where: Meant, answer: (said: string) => object, status = 400): Fault =>
  strike(where, (request: IncomingRequest) => {
    const said = `Cannot process ${request.body} of ${request.headers.get("authorization")}`;
    const response = () => Response.json(answer(said), { status, headers: { "x-injected-fault": "1" } });
    return { kind: "answer", response };
  });
/** Changes the text of a good answer on its way. */
const garbles = (where: Meant, change: (text: string) => string): Fault =>
  strike(where, () => ({
    kind: "after",
    response: async (original: Response) =>
      new Response(change(await original.text()), {
        status: original.status,
        headers: { "content-type": "application/json", "x-injected-fault": "1" },
      }),
  }));

const OM = { service: "openmetadata" } as const;
const PUT = { ...OM, method: "PUT" };
const GRAPH = { service: "graph" } as const;
const ADD = { ...GRAPH, path: /addPassword/ };
const VAULT = { service: "key-vault" } as const;
const TOKEN = { service: "entra", path: /v2\.0\/token$/ } as const;
const IDENTITY = { service: "entra", path: /msi\/token/ } as const;
const current = () => app().latest()?.value ?? "";
const graphError = (text: string) => ({ error: { code: text.slice(0, 300), message: text } });
const openMetadataError = (message: string) => ({ code: 400, message });

describe("nothing that is secret is shown", () => {
  it("by a first rotation, its confirmation, and what tells about it", async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    await app().settle();
    await app().call("POST", "rotate", { dryRun: true, because: "x" });
    await app().call("GET", "status");
    const token = await app().cloud.callerToken(["Automation.Read"]);
    await fetch(`${app().host.url}/api/configuration?format=docker`, { headers: { authorization: `Bearer ${token}` } });
    await app().clock.advance(HOUR);
    expect(secrets.size).toBe(1);
    expect(tokens.size).toBeGreaterThan(3);
  });

  it("by an emergency, whose reason repeats the leaked value", async () => {
    const because = `${current()} was found in a log, ${current().slice(0, 20)}`;
    await app().post("rotate", { because, revokeOld: true });
    expect(secrets.size).toBe(2);
  });

  it.each<[string, () => Fault]>([
    ["OpenMetadata is down", () => refuses(OM)],
    ["OpenMetadata repeats what it was sent", () => echoes(PUT, openMetadataError)],
    [
      "OpenMetadata repeats its beginning",
      () => echoes(PUT, (said) => openMetadataError(said.replace(/(Q~.{6}).*/, "$1..."))),
    ],
    ["OpenMetadata repeats its end", () => echoes(PUT, (said) => openMetadataError(said.replace(/^.*Q~.{9}/, "...")))],
    ["OpenMetadata repeats a token", () => echoes({ ...OM, path: /loggedInUser/ }, openMetadataError, 401)],
    [
      "OpenMetadata repeats a token to a reader",
      () => echoes({ ...OM, path: /bots|ingestionPipelines/ }, openMetadataError, 500),
    ],
    [
      "a pipeline cannot be deployed, and the reason is the secret",
      () =>
        answers({ ...OM, path: /deploy/ }, { status: 200, body: [{ code: 500, reason: `Airflow: bad ${current()}` }] }),
    ],
    ["OpenMetadata garbles its answers", () => garbles(OM, (text) => text.replace(/}$/, ""))],
    ["the vault repeats what it was sent", () => echoes({ ...VAULT, method: "PUT", skip: 1 }, graphError)],
    ["the vault repeats it to a note", () => echoes({ ...VAULT, method: "PATCH" }, graphError, 403)],
    ["the vault garbles the value", () => garbles(VAULT, (text) => text.replace(/}$/, " oops"))],
    ["the vault breaks off", () => loses({ ...VAULT, method: "PUT" })],
    ["Graph says the value", () => answers(GRAPH, { status: 400, body: graphError(`Cannot add ${current()}`) })],
    ["Graph repeats a token", () => echoes(GRAPH, graphError, 401)],
    ["Graph garbles the new value", () => garbles(ADD, (text) => text.replace(/("secretText":)"/, "$1"))],
    ["Graph cuts the new value off", () => garbles(ADD, (text) => text.replace(/("secretText":"[^"]{30}).*/, "$1"))],
    ["Graph answers the value in another shape", () => garbles(ADD, (text) => text.replace('"keyId"', '"id"'))],
    ["Graph's answer is lost", () => loses(ADD)],
    [
      "Entra repeats what it was sent",
      () => echoes(TOKEN, (said) => ({ error: "invalid_request", error_description: said, error_codes: [said] })),
    ],
    ["Entra answers no token", () => garbles(TOKEN, (text) => text.replace(/"eyJ[^.]+/, '"'))],
    [
      "the identity's endpoint repeats its key",
      () => echoes(IDENTITY, (said) => ({ statusCode: 400, message: `${said} ${current()}` })),
    ],
    ["the identity's endpoint garbles the token", () => garbles(IDENTITY, (text) => text.replace(/}$/, " oops"))],
  ])("when %s", async (_, fault) => {
    await app().clock.advance(HOUR);
    await app().restart(); // no token is at hand
    const before = secrets.size;
    const since = { log: app().log.length, shown: shown.length };
    await amid(app(), fault(), async () => {
      await app().call("POST", "rotate", { because: "leaver" });
      await app().call("GET", "status");
      await app().clock.advance(6 * MINUTE);
      await runTimer(app());
    });
    await app().post("rotate", { because: "leaver" });
    const news = [...shown.slice(since.shown), JSON.stringify(app().log.slice(since.log))].join("\n");
    removeReplaced(app());
    expect(leaksIn(news)).toEqual([]);
    expect(secrets.size).toBeGreaterThan(before);
  });

  it("in all of that, nor in the vault's tags", async () => {
    await app().clock.advance(DAY);
    expect(leaksIn(allShown())).toEqual([]);
    expect(app().log.length).toBeGreaterThan(500);
    expect(shown.length).toBeGreaterThan(100);
  });

  it("though the search would find it", () => {
    expect(leaksIn(wired.join("\n"))).toEqual(["a client secret", "a token", "something like a token"]);
    for (const secret of secrets) expect(leaksIn(`${secret.slice(-8)}"`)).toEqual(["a client secret"]);
  });
});
