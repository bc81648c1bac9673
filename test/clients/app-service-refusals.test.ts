import { UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { appService } from "../../shared/clients/app-service/app-service.ts";
import { MOST_PAGES } from "../../shared/limits.ts";

/** Microsoft's client: what it was made with, and asked for, and how it answers. */
const arm = vi.hoisted(() => ({
  made: [] as unknown[],
  asked: [] as unknown[][],
  pages: [] as unknown[][] | Error,
  answer: {} as unknown,
}));
vi.mock("@azure/arm-appservice/api", () => ({
  createWebSiteManagement: (...args: unknown[]) => {
    arm.made.push(args);
    return {
      pathUnchecked: (path: string) => ({
        async post(options: object) {
          arm.asked.push(["post", path, options]);
          if (arm.answer instanceof Error) throw arm.answer;
          return arm.answer;
        },
      }),
    };
  },
}));
vi.mock("@azure/arm-appservice/api/webApps", () => ({
  listAppSettingsKeyVaultReferences: (_: unknown, ...args: unknown[]) => {
    arm.asked.push(["list", ...args]);
    return {
      async *byPage() {
        if (arm.pages instanceof Error) throw arm.pages;
        yield* arm.pages;
      },
    };
  },
  restart: async (_: unknown, ...args: unknown[]) => {
    arm.asked.push(["restart", ...args]);
    if (arm.answer instanceof Error) throw arm.answer;
  },
}));

const ID = "/subscriptions/sub/resourceGroups/group/providers/Microsoft.Web/sites/site";
const scopes: string[] = [];
const credential = {
  getToken: async (scope: string) => {
    scopes.push(scope);
    return { token: new UnsecuredJWT({ oid: "own" }).encode(), expiresOnTimestamp: 0 };
  },
};
const site = () => appService(credential as never, "https://arm", ID);
const failing = (facts: object) => {
  arm.answer = Object.assign(new Error("the client's own words"), facts);
  return site()
    .restart()
    .catch((error: unknown) => error);
};
let limits: number[];
beforeEach(() => {
  Object.assign(arm, { made: [], asked: [], pages: [], answer: {} });
  scopes.length = 0;
  limits = [];
  vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
    limits.push(milliseconds);
    return new AbortController().signal;
  });
});
afterEach(() => vi.restoreAllMocks());

describe("a site on App Service", () => {
  it("is reached as its id says, with a token for this cloud, and asked again three times", () => {
    site();
    expect(arm.made).toMatchObject([
      [
        credential,
        "sub",
        {
          endpoint: "https://arm",
          credentials: { scopes: ["https://arm/.default"] },
          retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4_000 },
          additionalPolicies: [{ policy: { name: "bounds" } }, { policy: { name: "anotherTokenWhereRefused" } }],
        },
      ],
    ]);
  });

  it("that has no such id is reached by empty names, which Azure refuses", async () => {
    await appService(credential as never, "https://arm", "x").restart();
    expect(arm.made).toMatchObject([[credential, "", {}]]);
    expect(arm.asked).toMatchObject([["restart", "", "", {}]]);
  });

  it("is asked for its references, refreshed and restarted, each within fifteen seconds", async () => {
    arm.answer = { status: "200" };
    await site().references();
    await site().refresh();
    await site().restart();
    const limited = { abortSignal: expect.any(AbortSignal) };
    expect(arm.asked).toEqual([
      ["list", "group", "site", limited],
      [
        "post",
        `${ID}/config/configreferences/appsettings/refresh`,
        { ...limited, queryParameters: { "api-version": "2022-03-01" } },
      ],
      ["restart", "group", "site", limited],
    ]);
    expect(limits).toEqual([15_000, 15_000, 15_000]);
  });

  it("has references, of which not everything may be told", async () => {
    const whole = {
      name: "A",
      vaultName: "kv",
      secretName: "s",
      secretVersion: "1",
      activeVersion: "2",
      status: "Resolved",
      details: "d",
    };
    arm.pages = [[whole, { secretVersion: "" }], [{ name: "B" }]];
    expect(await site().references()).toEqual([
      {
        setting: "A",
        vault: "kv",
        secret: "s",
        pinnedVersion: "1",
        activeVersion: "2",
        status: "Resolved",
        details: "d",
      },
      { setting: "", status: "unknown" },
      { setting: "B", status: "unknown" },
    ]);
  });

  it("whose references do not end is given up after so many pages", async () => {
    arm.pages = Array.from({ length: MOST_PAGES }, () => [{ name: "A" }]);
    expect(await site().references()).toHaveLength(MOST_PAGES);
    arm.pages = [...arm.pages, []];
    await expect(site().references()).rejects.toMatchObject({
      service: "App Service",
      status: 0,
      message: 'Cannot read the Key Vault references of App Service "site": no answer (Error)',
      cause: { message: "Azure keeps returning more pages" },
    });
  });
});

describe("what Azure refuses", () => {
  it("is told with the role that is missing, and who needs it", async () => {
    expect(await failing({ statusCode: 403, code: "AuthorizationFailed" })).toMatchObject({
      name: "StalledError",
      code: "app-service-forbidden",
      message: 'Cannot restart App Service "site": Azure answered 403 AuthorizationFailed',
      hint: `Give the app's identity the role "Website Contributor" on the site:\naz role assignment create --role 'Website Contributor' --assignee-object-id own --assignee-principal-type ServicePrincipal --scope '${ID}'`,
      cause: arm.answer,
    });
    expect(scopes).toEqual(["https://arm/.default"]);
  });

  it("is told with the setting that names no site", async () => {
    expect(await failing({ statusCode: 404, code: "ResourceNotFound" })).toMatchObject({
      name: "StalledError",
      code: "app-service-misconfigured",
      message: 'Cannot restart App Service "site": Azure answered 404 ResourceNotFound',
      hint: "Correct APP_SERVICE_ID: no such site exists",
      cause: arm.answer,
    });
  });

  it.each([
    [409, "ScopeLocked", /read-only lock.*\naz lock list --subscription sub --query "\[\?level=='ReadOnly'\]\.id" /],
    [409, "ReadOnlyDisabledSubscription", /subscription/],
    [403, "RequestDisallowedByPolicy", /Azure Policy/],
    [403, "DenyAssignmentAuthorizationFailed", /deny assignment/],
  ])("is told with what forbids it, which no waiting and no role cures: %s %s", async (statusCode, code, hint) => {
    expect(await failing({ statusCode, code })).toMatchObject({
      name: "StalledError",
      code: "app-service-locked",
      message: `Cannot restart App Service "site": Azure answered ${statusCode} ${code}`,
      hint: expect.stringMatching(hint),
      cause: arm.answer,
    });
  });

  it("is told with the tenant that the subscription does not belong to", async () => {
    expect(await failing({ statusCode: 401, code: "InvalidAuthenticationTokenTenant" })).toMatchObject({
      code: "tenant-mismatch",
      hint: expect.stringContaining("APP_SERVICE_ID"),
    });
  });

  it.each<[what: string, given: object, said: string, facts: object]>([
    [
      "another operation",
      { statusCode: 409, code: "Conflict" },
      "Azure answered 409 Conflict",
      { status: 409, code: "app-service-unavailable", transient: true, retryAfterSeconds: 0 },
    ],
    [
      "too many requests",
      { statusCode: 429, code: "Throttled", retryAfterSeconds: 60 },
      "Azure answered 429 Throttled",
      { status: 429, retryAfterSeconds: 60 },
    ],
    [
      "a mistake",
      { statusCode: 400, code: "outer", body: { error: { code: "Bad" } } },
      "Azure answered 400 Bad",
      { status: 400, code: "app-service-refused", transient: false },
    ],
    [
      "a body without a code",
      { statusCode: 500, code: "outer", body: {} },
      "Azure answered 500 outer",
      { status: 500 },
    ],
    ["no code", { statusCode: 500, name: "RestError" }, "Azure answered 500 RestError", { status: 500 }],
    ["no word", { statusCode: 500, name: undefined }, "Azure answered 500 unknown", { status: 500 }],
    [
      "no answer",
      { code: "ENOTFOUND" },
      "no answer (ENOTFOUND)",
      { status: 0, code: "app-service-unreachable", transient: true },
    ],
  ])("is told with what is known of it: %s", async (_, given, said, facts) => {
    expect(await failing(given)).toMatchObject({
      name: "UpstreamError",
      service: "App Service",
      message: `Cannot restart App Service "site": ${said}`,
      cause: arm.answer,
      ...facts,
    });
  });

  it("is Entra's where the app gets no token", async () => {
    expect(await failing({ name: "AuthenticationError", status: 503 })).toMatchObject({
      service: "Entra",
      status: 503,
      code: "identity-unavailable",
      message: 'Cannot restart App Service "site": no answer (AuthenticationError)',
      cause: arm.answer,
    });
  });

  it.each([
    ["500", { error: { code: "Oops" } }, "Azure answered 500 Oops"],
    ["302", undefined, "Azure answered 302 unknown"],
    ["120", {}, "Azure answered 120 unknown"],
  ])("is an answer to a refresh that is no success: %s", async (status, body, said) => {
    arm.answer = { status, body };
    await expect(site().refresh()).rejects.toMatchObject({
      status: Number(status),
      message: `Cannot refresh the Key Vault references of App Service "site": ${said}`,
    });
  });

  it("is told of a list and of a refresh by its name", async () => {
    arm.answer = new Error("x");
    arm.pages = new Error("x");
    await expect(site().refresh()).rejects.toThrow('Cannot refresh the Key Vault references of App Service "site"');
    await expect(site().references()).rejects.toThrow('Cannot read the Key Vault references of App Service "site"');
  });
});
