import { beforeAll, describe, expect, it } from "vitest";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import { openApp } from "./app.ts";
import { callEndpoint, everything } from "./raw-call.ts";

const OTHER_TENANT = "9d1f5a0e-0b1e-4d0c-8a51-7d4f0f2f9c33";
const OWNED_BY = "Application.ReadWrite.OwnedBy";

describe("the app's own token, which the platform keeps for a day", () => {
  const app = openApp();
  beforeAll(async () => {
    app().cloud.entra.platformKeepsTokens = true;
    await app().settle();
  });
  /** Asked of the platform. */
  const tokens = async (run: () => Promise<unknown>): Promise<number> => {
    let count = 0;
    const look = ({ service, path }: { service: string; path: string }) => {
      if (service === "entra" && path.startsWith("/msi/token")) count += 1;
    };
    app().cloud.wire.onExchange.push(look);
    await run();
    app().cloud.wire.onExchange.splice(app().cloud.wire.onExchange.indexOf(look), 1);
    return count;
  };

  it.each(["GET status", "POST provision", "POST consent", "POST rotate"])(
    "is asked for anew once when Graph challenges it, and %s goes on",
    async (endpoint) => {
      await app().clock.advance(60_000);
      app().cloud.directory.revokeTokens(app().cloud.app.objectId);
      await app().clock.advance(1_000);
      app().mark();
      const [method = "", path = ""] = endpoint.split(" ");
      const asked = await tokens(async () => {
        const answer = await app().call(method as "GET" | "POST", path, method === "GET" ? undefined : {});
        expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
        expect(JSON.stringify(answer.body)).not.toContain("InvalidAuthenticationToken");
      });
      expect(asked).toBeGreaterThanOrEqual(1);
      expect(asked).toBeLessThanOrEqual(3);
      expect(await tokens(() => app().call("POST", "provision", {}))).toBe(0);
    },
  );

  it("is asked for anew when OpenMetadata refuses it, and the request repeated once", async () => {
    const refused = answers({ service: "openmetadata", path: /loggedInUser/, times: 1 }, { status: 401 });
    await amid(app(), refused, async () => {
      const { body } = await app().call("GET", "status");
      expect(body.deployments).toMatchObject([{ openMetadata: { access: { isAdmin: true } } }]);
    });
  });
});

describe("a right that is granted after the token was issued", () => {
  const app = openApp({ graphPermissions: [OWNED_BY] });

  it("counts half a minute later, without a restart", async () => {
    app().cloud.entra.platformKeepsTokens = true;
    await app().post("provision");
    const refused = await app().call("POST", "consent", {});
    expect(refused).toMatchObject({ status: 409, body: { code: "consent-forbidden" } });
    for (const permission of refused.body.permissions as string[]) {
      app().cloud.directory.grantGraphPermission(app().cloud.app.objectId, permission);
    }
    await app().clock.advance(31_000);
    await app().post("consent");
  });
});

describe("an identity of another tenant than TENANT_ID", () => {
  const app = openApp({ settings: { API_AUDIENCE: "", TENANT_ID: OTHER_TENANT } });

  it.each(["POST provision", "POST consent", "POST rotate"])(
    "keeps %s from writing or reading anything",
    async (endpoint) => {
      app().cloud.directory.rules.otherTenants.push(OTHER_TENANT);
      const before = everything(app());
      app().mark();
      const key = { "x-functions-key": app().keys.function, "content-type": "application/json" };
      const { status, json } = await callEndpoint(app(), endpoint, key);
      expect({ status, json }).toMatchObject({ status: 409, json: { code: "tenant-mismatch" } });
      expect(json?.hint).toContain(`Set TENANT_ID to ${app().cloud.directory.tenantId}`);
      expect(app().requests("graph")).toEqual([]);
      expect(everything(app())).toBe(before);
    },
  );
});

describe("the platform's endpoint for identities", () => {
  const app = openApp();

  it.each([
    ["does not answer", "provision", () => refuses({ service: "entra", path: /msi/ })],
    ["throttles", "rotate", () => answers({ service: "entra", path: /msi/ }, { status: 429, body: { message: "x" } })],
    [
      "has a fault",
      "consent",
      () => answers({ service: "entra", path: /msi/ }, { status: 500, body: { message: "x" } }),
    ],
  ])("that %s makes %s answer 503 with Retry-After, until it is well", async (_, path, fault) => {
    await app().restart();
    const { status, body, retryAfter } = await amid(app(), fault(), () => app().call("POST", path, {}));
    expect({ status, code: body.code }).toEqual({ status: 503, code: "identity-unavailable" });
    expect(retryAfter).toBeGreaterThan(0);
    await app().post("provision");
  });

  it("that refuses is told as a matter for a person", async () => {
    await app().restart();
    const refused = answers({ service: "entra", path: /msi/ }, { status: 400, body: { message: "No identity" } });
    const { status, body } = await amid(app(), refused, () => app().call("POST", "provision", {}));
    expect({ status, body }).toMatchObject({ status: 502, body: { code: "identity-without-token" } });
  });
});
