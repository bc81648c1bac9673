import { describe, expect, it } from "vitest";
import { openApp } from "./app.ts";
import { endpoints, everything, type RawAnswer, rawCall } from "./raw-call.ts";

const app = openApp();
const FIELDS = ["deployment", "dryRun"];
const OF_ROTATE = ["because", "credential", "issuedBefore", "revokeOld"];

async function send(endpoint: string, query: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const [method = "", path = ""] = endpoint.split(" ");
  const authorization = `Bearer ${await app().cloud.callerToken(["Automation.Run"])}`;
  const body = method === "POST" ? { body: "{}" } : {};
  return rawCall(app(), { method, path: `${path}${query}`, headers: { authorization, ...headers }, ...body });
}

/** Refused with a hint, before anything is asked of any service. */
async function expectRefusal(call: Parameters<typeof send>, code: string, hint: RegExp): Promise<void> {
  const before = everything(app());
  app().mark();
  const { status, json } = await send(...call);
  expect({ call, status, json }).toMatchObject({
    call,
    status: 400,
    json: { code, hint: expect.stringMatching(hint) },
  });
  expect(app().exchanges).toEqual([]);
  expect(everything(app())).toBe(before);
}

describe("query parameters", () => {
  it.each(["dryRun=true", "dryrun=1", "dry-run", "DRY_RUN=true", "deployment=openmetadata"])(
    "that are meant for the body are refused by every POST: ?%s",
    async (query) => {
      for (const endpoint of endpoints(app()).filter((one) => one.startsWith("POST"))) {
        await expectRefusal([endpoint, `?${query}`], "query-invalid", /^Send "(dryRun|deployment)" in the JSON body$/);
      }
    },
  );

  it("that are meant for the body of rotate or harden are refused there", async () => {
    for (const name of OF_ROTATE) {
      await expectRefusal(["POST rotate", `?${name}=x`], "query-invalid", new RegExp(`"${name}" in the JSON body`));
    }
    await expectRefusal(["POST harden", "?adminNotListed=true"], "query-invalid", /"adminNotListed" in the JSON body/);
  });

  it("that are unknown are refused everywhere, with what the call takes", async () => {
    for (const endpoint of endpoints(app())) {
      const takes = endpoint.startsWith("POST")
        ? /takes no query; the JSON body takes "deployment"/
        : /takes "deployment"|takes no query$/;
      await expectRefusal(
        [endpoint, `${endpoint.endsWith("configuration") ? "?format=docker&" : "?"}force=1`],
        "query-invalid",
        takes,
      );
    }
  });

  it("in another spelling are refused with the right one", async () => {
    await expectRefusal(["GET status", "?Deployment=openmetadata"], "query-invalid", /^Send "deployment" in the query/);
    await expectRefusal(["GET configuration", "?Format=docker"], "query-invalid", /^Send "format" in the query/);
  });

  it("are quoted, cut, and on one line", async () => {
    const since = app().log.length;
    const { text } = await send("POST rotate", `?${encodeURIComponent(`a\u2028b\n${"c".repeat(3_000)}`)}=1`);
    const said =
      text +
      app()
        .log.slice(since)
        .map(({ message }) => message)
        .join("");
    expect(said).not.toContain("c".repeat(100));
    expect(said).not.toMatch(/[\n\u2028]/);
  });

  it("of the platform are left alone: the function key, in any case", async () => {
    for (const query of ["?code=key", "?Code=key"]) expect((await send("POST provision", query)).status).toBe(200);
  });
});

describe("headers", () => {
  const named = [...FIELDS, "dry-run", "x-dry-run", "X-DryRun", "X_Dry_Run", "x-deployment"];

  it.each(named)("that look like fields of the body are refused by every POST: %s", async (header) => {
    for (const endpoint of endpoints(app()).filter((one) => one.startsWith("POST"))) {
      await expectRefusal([endpoint, "", { [header]: "true" }], "header-misplaced", /^Send ".*" in the JSON body$/);
    }
  });

  it("that look like parameters of the query are refused by a GET", async () => {
    await expectRefusal(
      ["GET status", "", { "x-deployment": "a" }],
      "header-misplaced",
      /^Send "deployment" in the query/,
    );
    await expectRefusal(["GET configuration", "?format=docker", { version: "1.2.5" }], "header-misplaced", /"version"/);
  });

  it("of proxies, browsers and tracing are left alone", async () => {
    const usual = {
      "x-forwarded-for": "10.0.0.1",
      "x-ms-client-request-id": "1",
      "x-site-deployment-id": "openmetadata-entra",
      "x-arr-log-id": "1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "x-functions-key": "key",
      prefer: "respond-async",
    };
    expect((await send("POST provision", "", usual)).status).toBe(200);
  });
});

describe("calls that are refused so", () => {
  it("tell strangers nothing of what a call takes", async () => {
    expect((await rawCall(app(), { path: "rotate?dryRun=true", body: "{}" })).status).toBe(401);
  });
});
