import { describe, expect, it } from "vitest";
import { openApp, SECRET } from "./app.ts";
import { callEndpoint, endpoints, everything } from "./raw-call.ts";
import { runTimer, said } from "./trouble.ts";

/** Every value is told from all others, so that it would be found wherever it is repeated. */
const WRONG = {
  TENANT_ID: "wrong-value-1",
  KEY_VAULT_URL: "http://wrong-value-2.example.com",
  OPENMETADATA_URL: "ftp://wrong-value-3.example.com",
  AUTHORITY_HOST: "wrong-value-4",
  SIGN_IN_FLOW: "wrong-value-5",
  EXTRA_REDIRECT_URIS: "wrong-value-6",
  PRINCIPAL_DOMAIN: "wrong-value-7 8Q~with-a-secret-in-the-wrong-place",
  BOT_CREDENTIAL: "wrong-value-8",
  SERVER_CLIENT_ID: "wrong-value-9",
  OPENMETADATA_TOKEN_SECRET: "wrong-value-10 8Q~another-secret",
  DEPLOYMENT_NAME: "Wrong-Value-11",
  SECRET_LIFETIME_DAYS: "wrong-value-12",
};

const FAULTS = [
  "TENANT_ID must be a GUID",
  "KEY_VAULT_URL must be an https:// URL",
  "AUTHORITY_HOST must be an https:// URL",
  "SECRET_LIFETIME_DAYS must be a whole number",
  "DEPLOYMENT_NAME must be 1 to 40 lower-case letters, digits or hyphens",
  "OPENMETADATA_URL must be an http(s):// URL",
  'SIGN_IN_FLOW must be "implicit" or "auth-code"',
  "EXTRA_REDIRECT_URIS must be https:// URLs of at most 256 characters",
  "PRINCIPAL_DOMAIN must be a domain name",
  'BOT_CREDENTIAL must be "auto", "sso" or "jwt"',
  "SERVER_CLIENT_ID must be a GUID",
  "OPENMETADATA_TOKEN_SECRET must be the name of a Key Vault secret",
];

describe("the app with wrong settings, guarded by function keys", () => {
  const app = openApp({ settings: { ...WRONG, API_AUDIENCE: "" } });

  /** Neither of a wrong setting nor of a right one. */
  function expectNoValue(text: string): void {
    const values = Object.values({ ...app().cloud.settings, ...WRONG }).filter((value) => value !== "");
    for (const value of values) expect(text).not.toContain(value);
    expect(text.toLowerCase()).not.toContain("wrong-value");
  }

  it("answers 503 everywhere, with every fault at once", async () => {
    const before = everything(app());
    app().mark();
    for (const endpoint of endpoints(app())) {
      const answer = await callEndpoint(app(), endpoint, { "x-functions-key": app().keys.function });
      expect(answer, endpoint).toMatchObject({
        status: 503,
        json: {
          type: "urn:openmetadata-entra:problem:settings-invalid",
          status: 503,
          code: "settings-invalid",
          hint: expect.any(String),
        },
      });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      for (const fault of FAULTS) expect(answer.json?.detail).toContain(fault);
      expectNoValue(answer.text);
    }
    expect(app().exchanges).toEqual([]);
    expect(everything(app())).toBe(before);
  });

  it("tells nothing to whoever has no function key, not even with a token", async () => {
    const authorization = `Bearer ${await app().cloud.callerToken(["Automation.Run"])}`;
    const attempts: Record<string, string>[] = [{}, { authorization }, { "x-functions-key": "wrong" }];
    for (const headers of attempts) {
      for (const endpoint of endpoints(app())) {
        const { status, text } = await callEndpoint(app(), endpoint, headers);
        expect({ endpoint, status, text }).toEqual({ endpoint, status: 401, text: "" });
      }
    }
  });

  it("loads every function, so that the host does not answer 404", () => {
    const names = app().host.functions.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "delete-default-admin",
        "describe-api",
        "grant-admin-consent",
        "provision-registrations",
        "push-client-secret",
        "rotate-client-secret",
        "rotate-on-near-expiry",
        "rotate-on-schedule",
        "show-configuration",
        "show-status",
      ]),
    );
  });

  it("fails the timer's run, and says why in the log", async () => {
    const since = app().log.length;
    expect(await runTimer(app())).toBe(false);
    for (const fault of FAULTS) expect(said(app(), since)).toContain(fault);
  });

  it("fails the event's run, so that Event Grid delivers it again", async () => {
    const since = app().log.length;
    app().cloud.vault.setByHand(SECRET, "any");
    await app().clock.advance(1_000);
    expect(said(app(), since)).toContain("Executed 'Functions.push-client-secret' (Failed");
    expect(said(app(), since)).toContain(FAULTS[0]);
  });

  it("repeats no value of a setting in any line of the log", () => {
    expectNoValue(
      app()
        .log.map(({ message }) => message)
        .join("\n"),
    );
  });

  it("works once the settings are mended", async () => {
    await app().restart({});
    expect((await app().call("GET", "status")).status).toBe(200);
    await app().post("provision");
  });
});

describe("the app with wrong settings, guarded by tokens", () => {
  const { TENANT_ID: _tenant, AUTHORITY_HOST: _authority, ...others } = WRONG;
  const app = openApp({ settings: others });
  const bearer = async (roles: string[]) => ({ authorization: `Bearer ${await app().cloud.callerToken(roles)}` });

  it("answers 503 with every fault to those whom it lets in", async () => {
    const headers = await bearer(["Automation.Run"]);
    for (const endpoint of endpoints(app())) {
      const answer = await callEndpoint(app(), endpoint, headers);
      expect(answer, endpoint).toMatchObject({ status: 503, json: { code: "settings-invalid" } });
      for (const fault of FAULTS.filter((one) => !/^(TENANT_ID|AUTHORITY_HOST)/.test(one))) {
        expect(answer.json?.detail).toContain(fault);
      }
      expect(answer.text.toLowerCase()).not.toContain("wrong-value");
    }
  });

  it("tells nothing to others", async () => {
    const refused: [headers: Record<string, string>, status: number][] = [
      [{}, 401],
      [{ authorization: "Bearer x" }, 401],
      [{ "x-functions-key": app().keys.function }, 401],
      [await bearer(["Other.Role"]), 403],
    ];
    for (const endpoint of endpoints(app())) {
      for (const [headers, status] of refused) {
        const answer = await callEndpoint(app(), endpoint, headers);
        expect(answer, endpoint).toMatchObject({ status });
        expect(answer.text).not.toContain("must be");
      }
    }
  });

  it.each([
    ["TENANT_ID", "wrong-value", "TENANT_ID must be a GUID"],
    ["TENANT_ID", "", "TENANT_ID is missing"],
    ["AUTHORITY_HOST", "wrong-value", "AUTHORITY_HOST must be an https:// URL"],
    ["API_AUDIENCE", "api://wrong-value", "API_AUDIENCE must be a GUID"],
  ])("says of %s=%s only that nobody can be verified", async (name, value, fault) => {
    await app().restart({ ...others, [name]: value });
    const headers = await bearer(["Automation.Run"]);
    for (const endpoint of endpoints(app())) {
      const answer = await callEndpoint(app(), endpoint, headers);
      expect(answer, endpoint).toMatchObject({
        status: 503,
        json: { code: "settings-invalid", detail: `Cannot start: callers' tokens cannot be verified; ${fault}` },
      });
    }
  });

  it("verifies tokens by settings in upper case too", async () => {
    const { TENANT_ID = "", API_AUDIENCE = "" } = app().cloud.settings;
    const inUpperCase = { TENANT_ID: TENANT_ID.toUpperCase(), API_AUDIENCE: `API://${API_AUDIENCE.toUpperCase()}` };
    await app().restart(inUpperCase);
    expect((await callEndpoint(app(), "GET status", await bearer(["Automation.Read"]))).status).toBe(200);
  });
});

describe("the app with settings that contradict each other", () => {
  const DEPLOYMENTS = '[{"name":"blue","openMetadataUrl":"https://blue.localhost:9","colour":"wrong-value"}]';
  const app = openApp({ settings: { DEPLOYMENTS, API_AUDIENCE: "" } });

  async function detail(): Promise<unknown> {
    const headers = { "x-functions-key": app().keys.function };
    const { status, json } = await callEndpoint(app(), "GET status", headers);
    expect(status).toBe(503);
    return json?.detail;
  }

  it("names both ways of describing deployments when both are used", async () => {
    expect(await detail()).toBe(
      "Cannot start: DEPLOYMENTS and OPENMETADATA_URL, PRINCIPAL_DOMAIN are both set: use one or the other",
    );
  });

  it("names the deployment by its place, and the field that it should not have", async () => {
    await app().restart({ DEPLOYMENTS, OPENMETADATA_URL: "", PRINCIPAL_DOMAIN: "", API_AUDIENCE: "" });
    expect(await detail()).toBe("Cannot start: DEPLOYMENTS[0] has unknown fields: colour");
  });

  it("refuses policies by which a secret would be retired too early", async () => {
    await app().restart({ SECRET_OVERLAP_DAYS: "31", SECRET_RENEW_BEFORE_DAYS: "30", API_AUDIENCE: "" });
    expect(await detail()).toBe("Cannot start: SECRET_OVERLAP_DAYS must be less than SECRET_RENEW_BEFORE_DAYS");
  });

  it.each(["every hour", "0 0 * *", "01:00:00", "0 0 * * * * *", "0 0 24 * * *", "0 0 0 31 2 *"])(
    "takes the schedule %j for a fault, for which the host would silently leave the timer out",
    async (schedule) => {
      await app().restart({ ROTATION_SCHEDULE: schedule, API_AUDIENCE: "" });
      expect(await detail()).toMatch(/^Cannot start: ROTATION_SCHEDULE (must be an NCRONTAB|never falls due)/);
      expect(await runTimer(app())).toBe(false);
    },
  );

  it.each(["0 */30 * * * *", "30 5 * * MON-FRI", "0 0 0 */5 JAN-DEC *"])("takes the schedule %j", async (schedule) => {
    await app().restart({ ROTATION_SCHEDULE: schedule });
    expect(app().host.functions).toContainEqual({ name: "rotate-on-schedule", trigger: "timer", schedule });
  });

  it.each(["\uFEFF0 */30 * * * *", "0 */30 * * * *\r\n", "0\t*/30 * * * *", "0\u00A0*/30 * * * *"])(
    "hands the host the schedule %j as one that it can read",
    async (pasted) => {
      await app().restart({ ROTATION_SCHEDULE: pasted });
      const schedule = "0 */30 * * * *";
      expect(app().host.functions).toContainEqual({ name: "rotate-on-schedule", trigger: "timer", schedule });
    },
  );
});
