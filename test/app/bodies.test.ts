import { describe, expect, it } from "vitest";
import { openApp } from "./app.ts";
import { everything, type RawAnswer, type RawCall, rawCall } from "./raw-call.ts";

const app = openApp();
const POSTS = ["provision", "consent", "rotate", "harden"];

async function send(call: RawCall): Promise<RawAnswer> {
  const authorization = `Bearer ${await app().cloud.callerToken(["Automation.Run"])}`;
  return rawCall(app(), { ...call, headers: { authorization, "content-type": "application/json", ...call.headers } });
}

/** A problem by RFC 9457 that says what is wrong, and that nothing was done about it. */
async function expectBadRequest(call: RawCall, detail: RegExp, code = "body-invalid", expected = 400): Promise<void> {
  const before = everything(app());
  app().mark();
  const { status, headers, json } = await send(call);
  expect({ call, status, json }).toEqual({
    call,
    status: expected,
    json: {
      type: `urn:openmetadata-entra:problem:${code}`,
      title: expect.any(String),
      status: expected,
      code,
      detail: expect.stringMatching(detail),
      hint: expect.stringMatching(/\w/),
    },
  });
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(app().exchanges).toEqual([]);
  expect(everything(app())).toBe(before);
}

describe("bodies that cannot be meant", () => {
  it.each<[what: string, body: string, detail: RegExp]>([
    ["no JSON", "{", /not JSON/],
    ["a form", "dryRun=true", /not JSON/],
    ["half of one", '{"dryRun": true', /not JSON/],
    ["a list", "[]", /body: .*object/],
    ["a text", '"provision"', /body: .*object/],
    ["null", "null", /body: .*object/],
    ["an unknown field", '{"dryrun": true}', /dryrun/],
    ["an unknown field beside known ones", '{"dryRun": true, "force": true}', /force/],
    ["a text for a flag", '{"dryRun": "true"}', /dryRun: .*boolean/],
    ["a number for a flag", '{"dryRun": 1}', /dryRun: .*boolean/],
    ["null for a flag", '{"dryRun": null}', /dryRun: .*boolean/],
    ["a number for a name", '{"deployment": 1}', /deployment: .*string/],
  ])("are refused by every POST: %s", async (_, body, detail) => {
    for (const path of POSTS) await expectBadRequest({ path, body }, detail);
  });

  it.each(["nowhere", "OpenMetadata", ""])("are refused by every POST: the deployment %j", async (name) => {
    const body = JSON.stringify({ deployment: name });
    for (const path of POSTS) await expectBadRequest({ path, body }, new RegExp(`"${name}"`), "deployment-unknown");
  });

  it("are repeated on one line, and not without end", async () => {
    const deployment = `x\n{"event":"asked"}${"y".repeat(500)}`;
    const { json } = await send({ path: "provision", body: JSON.stringify({ deployment }) });
    expect(json?.detail).toMatch(/^Cannot find deployment "x\\n.{1,80}…"$/);
  });

  it("are all told at once", async () => {
    const body = '{"dryRun": "yes", "deployment": 1, "force": true}';
    for (const path of POSTS) await expectBadRequest({ path, body }, /deployment.*dryRun.*force/s);
  });

  it.each<[what: string, body: object, detail: RegExp]>([
    ["a credential that there is not", { credential: "password" }, /credential/],
    ["an empty reason", { because: "" }, /because/],
    ["a reason without end", { because: "x".repeat(201) }, /because/],
    ["a date that is none", { because: "x", issuedBefore: "yesterday" }, /issuedBefore/],
    ["a date without a zone", { because: "x", issuedBefore: "2031-03-03T12:00:00" }, /issuedBefore/],
    ["a date to come", { because: "x", issuedBefore: "2031-03-03T12:00:01Z" }, /issuedBefore.*future/],
    ["revoking without a reason", { revokeOld: true }, /reason/],
    ["a date without a reason", { issuedBefore: "2031-03-03T11:00:00Z" }, /reason/],
  ])("are refused by rotate: %s", async (_, body, detail) => {
    await expectBadRequest({ path: "rotate", body: JSON.stringify(body) }, detail);
  });

  it.each(["", " \n"])("are refused by every POST where nothing is in them: %j", async (body) => {
    for (const path of POSTS) await expectBadRequest({ path, body }, /it is empty/, "body-missing");
  });

  it("are refused by every POST where they were sent in chunks, which the platform drops", async () => {
    for (const path of POSTS)
      await expectBadRequest({ path, chunked: '{"dryRun":true}' }, /no body arrived/, "body-missing");
  });

  it("are refused by every POST when they are larger than any call needs", async () => {
    const body = (length: number) => JSON.stringify({ dryRun: true }).padEnd(length);
    for (const path of POSTS) {
      await expectBadRequest({ path, body: body(64 * 1024 + 1) }, /larger than 64 kB/, "body-too-large", 413);
      expect((await send({ path, body: body(64 * 1024) })).status, path).not.toBe(413);
    }
  });

  it("are refused when they are nested without end, wherever that is", async () => {
    const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
    for (const path of POSTS) {
      for (const body of [
        deep,
        `{"deployment":${deep}}`,
        `{"other":${deep}}`,
        "[".repeat(60_000),
        '{"a":'.repeat(13_000),
      ]) {
        await expectBadRequest({ path, body }, /^Cannot read the request body/);
      }
    }
  });

  it("are not repeated at any length", async () => {
    const names = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${index}${"x".repeat(90)}`, 1]));
    for (const body of [names, { deployment: "y".repeat(60_000) }, { ["z".repeat(60_000)]: 1 }]) {
      const { status, text } = await send({ path: "provision", body: JSON.stringify(body) });
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(1_200);
    }
  });

  it("may come without a type, or as something else", async () => {
    for (const type of ["", "text/plain", "application/x-www-form-urlencoded"]) {
      const call = { path: "provision", body: "{}", headers: { "content-type": type } };
      expect(await send(call)).toMatchObject({ status: 200, json: { converged: true } });
    }
  });

  it.each(["nowhere", "", "OpenMetadata"])("GET /api/status refuses the deployment %j", async (name) => {
    const call = { method: "GET", path: `status?deployment=${name}` };
    await expectBadRequest(call, new RegExp(`"${name}"`), "deployment-unknown");
  });
});

describe("addresses that there are not", () => {
  it.each([
    ["GET", "provision"],
    ["PUT", "provision"],
    ["DELETE", "rotate"],
    ["POST", "status"],
    ["POST", "provisions"],
    ["POST", "provision/openmetadata"],
    ["GET", ""],
  ])("%s /api/%s is the host's own 404, without a run", async (method, path) => {
    const since = app().log.length;
    const { status, text } = await send({ method, path });
    expect({ status, text }).toEqual({ status: 404, text: "" });
    expect(app().log.slice(since)).toEqual([]);
  });
});

describe("every answer", () => {
  it("is JSON, and no cache's to keep", async () => {
    const { headers } = await send({ path: "provision", body: "{}" });
    expect(headers.get("content-type")).toMatch(/^application\/json/);
    expect(headers.get("cache-control")).toBe("no-store");
  });
});
