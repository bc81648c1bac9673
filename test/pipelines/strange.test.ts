import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { movableClock } from "../../local/clock.ts";
import { actionStep } from "./github.ts";
import { MISSING, type Runner, startRunner } from "./runner.ts";
import { ACTION } from "./step.ts";

const AUDIENCE = "6f6b8e1c-9a53-4f0a-8d0b-0f6b0f0c2a11";
const TOKEN = "eyJhbGciOiJub25lIn0.a-token-that-nobody-must-see.x";
let runner: Runner;
let url: string;
let asked: { path: string | undefined; authorization: string | undefined; body: string }[] = [];
/** What is answered, one after the other; the last one for ever. */
let script: ((response: ServerResponse) => void)[] = [];

const listener: RequestListener = (request, response) => {
  let body = "";
  request.on("data", (piece) => (body += piece));
  request.on("end", () => {
    asked.push({ path: request.url, authorization: request.headers.authorization, body });
    const [next] = script.length > 1 ? script.splice(0, 1) : script;
    next?.(response);
  });
};
const server = createServer(listener);

beforeAll(async () => {
  runner = await startRunner(movableClock(new Date("2031-03-03T12:00:00Z")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});

afterEach(() => {
  asked = [];
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await runner.close();
});

const says =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, headers).end(text);
  };
const hangsUp = (response: ServerResponse): void => void response.destroy();

async function call(inputs: Record<string, string> = {}, more: Record<string, string> = {}) {
  const step = await actionStep({ url, audience: AUDIENCE, call: "rotate", ...inputs });
  return runner.run(step, "github", more);
}

describe.skipIf(MISSING.length > 0)("a call", () => {
  it("waits and asks again where Azure answers for the app, or nobody does", async () => {
    runner.token = TOKEN;
    script = [
      says(503, "<h1>Starting</h1>"),
      hangsUp,
      says(502, ""),
      says(429, "", { "retry-after": "0" }),
      says(200, {}),
    ];
    const { code, said, waits } = await call();
    expect(code, said).toBe(0);
    expect(waits).toEqual([10, 10, 10, 1]);
    expect(said).toMatch(
      /answered 503: no reason given\. Trying again in 10 s\n.*\n?.*answered 000: no answer\. Trying again in 10 s/,
    );
    expect(asked.map(({ authorization }) => authorization)).toEqual(Array(5).fill(`Bearer ${TOKEN}`));
  });

  it("reads all pages of a status, and judges all of them", async () => {
    const one = (deployment: string, problem: object = {}) => ({
      deployment,
      identity: problem,
      registrations: {},
      openMetadata: { access: {} },
      drift: { findings: [], unread: [] },
      credentials: [],
    });
    const on = "2031-03-03T12:00:00.000Z";
    script = [
      says(200, { on, deployments: [one("a"), one("b & c")], next: "b & c" }),
      says(503, { detail: "x" }, { "retry-after": "1" }),
      says(200, { on, deployments: [one("d")], next: "d" }),
      says(200, { on, deployments: [one("e", { error: "no token" })] }),
    ];
    const { code, said } = await call({ call: "status" });
    expect(asked.map(({ path }) => path)).toEqual([
      "/api/status",
      "/api/status?after=b%20%26%20c",
      "/api/status?after=b%20%26%20c",
      "/api/status?after=d",
    ]);
    expect(said).toContain("e: cannot read the app's identity: no token");
    for (const name of ["a", "b & c", "d"]) expect(said).toContain(`"deployment": "${name}"`);
    expect(code).toBe(1);
  });

  it("takes what is accepted for no trouble, and what is overdue for one, and tells the worst verdict of all pages", async () => {
    const finding = { kind: "sso-ignored", severity: "warning", what: "It is ignored", do: "Nothing" };
    const overdue = { type: "Rotating", verdict: "attention", reason: "overdue", message: "Due and not done" };
    const one = (deployment: string, verdict: string, more: object) => ({
      deployment,
      verdict,
      identity: {},
      registrations: {},
      openMetadata: { access: {} },
      drift: { findings: [], unread: [] },
      credentials: [],
      ...more,
    });
    const accepted = one("a", "healthy", { drift: { findings: [{ ...finding, accepted: "we know" }], unread: [] } });
    const late = one("b", "attention", {
      credentials: [{ credential: "bot-token", current: {}, conditions: [overdue] }],
    });
    const on = "2031-03-03T12:00:00.000Z";
    script = [
      says(200, { on, verdict: "attention", deployments: [late], next: "b" }),
      says(200, { on, verdict: "healthy", deployments: [accepted] }),
    ];
    const { code, said } = await call({ call: "status" });
    expect(code).toBe(1);
    expect(said).toContain("1 red, the first: b: bot-token: Due and not done");
    expect(said).toContain('"verdict": "attention"');
  });

  it("shows nothing of an earlier answer in the place of one that did not come", async () => {
    script = [says(202, { old: "answer of before", waitingFor: "the world" }, { "retry-after": "5" }), hangsUp];
    const { code, said, waits, outputs } = await call({ wait: "1" });
    expect(waits).toEqual([5, 10, 10, 10, 10, 10]);
    expect(said).toContain("answered 202: the world. Trying again in 5 s");
    expect(said).toMatch(/Last answer 000: no answer\n$/);
    expect(said).not.toContain("answer of before");
    expect({ code, outputs }).toEqual({ code: 1, outputs: {} });
  });

  it("neither takes an earlier reason for that of an empty answer, nor half an answer for one", async () => {
    const cut = (response: ServerResponse): void => {
      response.writeHead(500, { "content-type": "application/json" });
      response.write('{"detail":"cut"}', () => response.destroy());
    };
    script = [says(202, { waitingFor: "the world" }), says(503, ""), cut, says(200, {})];
    const { code, said } = await call();
    expect(code, said).toBe(0);
    expect(said).toContain("answered 503: no reason given. Trying again");
    expect(said).toContain("answered 000: no answer. Trying again");
  });

  it("does not wait longer than it may because the app asks for it, nor take a date for seconds", async () => {
    script = [says(202, {}, { "retry-after": "86400" })];
    expect(await call()).toMatchObject({ code: 1, waits: [] });
    script = [says(202, {}, { "retry-after": "Mon, 03 Mar 2031 13:00:00 GMT" }), says(200, {})];
    expect(await call()).toMatchObject({ code: 0, waits: [10] });
  });

  it("is not repeated where the app itself says no, and names no time: its settings are wrong", async () => {
    script = [says(503, { detail: "Cannot start: TENANT_ID is missing", hint: "Correct the app settings" })];
    const { code, said, waits } = await call();
    expect(said).toBe(
      "detail: Cannot start: TENANT_ID is missing\nhint:   Correct the app settings\n::error::POST /api/rotate answered 503: Cannot start: TENANT_ID is missing\n",
    );
    expect({ code, waits }).toEqual({ code: 1, waits: [] });
  });

  it("continues a rotation by the time that the answers name, also that of a failure", async () => {
    const issuedBefore = "2031-03-03T12:00:00.000Z";
    script = [
      says(503, { detail: "down", issuedBefore }, { "retry-after": "9" }),
      says(202, { issuedBefore }),
      says(200, {}),
    ];
    expect((await call({ body: '{ "because": "compromised" }' })).code).toBe(0);
    const [first, ...others] = asked.map(({ body }) => JSON.parse(body));
    expect(first).toEqual({ because: "compromised" });
    expect(others).toEqual(Array(2).fill({ because: "compromised", issuedBefore }));
  });

  it("makes no command of the runner of what a server says", async () => {
    const evil = "x\n::set-env name=PATH::/evil\n##vso[task.setvariable variable=PATH]/evil ##[error]";
    for (const answer of [says(409, { detail: evil, hint: evil, extra: evil }), says(403, evil), says(200, evil)]) {
      script = [answer];
      const { raw } = await call();
      expect(raw.match(/^\s*::(?!add-mask::|error::)/gm)).toBeNull();
      expect(raw).not.toContain("##");
    }
  });

  it("keeps the token out of command lines, and out of the log even where bash is traced", async () => {
    script = [says(200, {})];
    const traced = await call({}, { SHELLOPTS: "xtrace" });
    expect(traced.code, traced.said).toBe(0);
    expect(traced.said).not.toContain(TOKEN);
    const lines = await runner.commandLines();
    expect(lines.filter((line) => line.startsWith("curl")).at(-1)).toContain("/api/rotate");
    expect(lines.join("\n")).not.toContain(TOKEN);
  });

  it("tells the runner of the token before anything else, GitHub's and Azure DevOps' each in its words", async () => {
    script = [says(200, {})];
    expect((await call()).raw).toMatch(`::add-mask::${TOKEN}\n`);
    const step = await actionStep({ url, audience: AUDIENCE, call: "status" });
    script = [says(200, { deployments: [] })];
    const task = { ...step, script: { file: `${ACTION}/call.sh` } };
    expect((await runner.run(task, "azure-devops")).raw).toMatch(`##vso[task.setsecret]${TOKEN}\n`);
    expect((await runner.run(task, "shell")).raw).not.toContain(TOKEN);
  });

  it("says how to sign in where the Azure CLI is not, and asks nobody", async () => {
    runner.token = undefined;
    script = [says(200, {})];
    const { code, said } = await call();
    runner.token = TOKEN;
    expect(said).toMatch(/az login.*\n::error::Cannot get a token for api:\/\/6f6b8e1c.*app role Automation\.Run/s);
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
  });

  it.each([
    [{ url: "" }, "APP_URL is not set"],
    [{ url: "http://app.example.com" }, "it must be https://<app>, without a path"],
    [{ url: "https://app.example.com/api" }, "it must be https://<app>, without a path"],
    [{ url: "http://127.0.0.1.example.com" }, "it must be https://<app>, without a path"],
    [{ url: "https://user@app.example.com" }, "it must be https://<app>, without a path"],
    [{ audience: "openmetadata" }, "it must be a client id"],
    [{ call: "rotate?dryRun=true" }, "it must be provision, consent, rotate, harden, status or configuration"],
    [{ call: "../admin/host" }, "it must be provision"],
    [{ body: "dryRun" }, "BODY is not a JSON object"],
    [{ body: "[]" }, "BODY is not a JSON object"],
    [{ wait: "2h" }, "it must be a whole number"],
  ])("that makes no sense is not made: %j", async (inputs, fault) => {
    const before = await runner.commandLines();
    const { code, said } = await call(inputs);
    expect(said).toContain(fault);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(await runner.commandLines()).toEqual(before);
  });

  it("takes the audience as Entra shows it, and a number with a zero before it", async () => {
    script = [says(200, {})];
    expect(await call({ audience: `api://${AUDIENCE}`, wait: "08", url: `${url}/` })).toMatchObject({ code: 0 });
    expect((await runner.commandLines()).findLast((line) => line.startsWith("az"))).toContain(
      ` api://${AUDIENCE}/.default `,
    );
  });

  it("for status fails where the answer is none of this app", async () => {
    script = [says(200, { hello: "world" })];
    const { code, said } = await call({ call: "status" });
    expect(said).toContain("this is not a status answer of this app");
    expect(code).toBe(1);
  });
});
