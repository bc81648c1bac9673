import { afterEach, describe, expect, it, vi } from "vitest";
import { SUBSCRIPTION } from "../../local/cloud/app-service/site.ts";
import { amid, answers, injected, strike } from "../../proof/strikes/strike.ts";
import { appService } from "../../shared/clients/app-service/app-service.ts";
import { withinTime } from "../../shared/clients/azure-bounds.ts";
import { ownTokens } from "../../shared/clients/entra/own-tokens.ts";
import { signIn } from "../../shared/clients/entra/sign-in.ts";
import { graph } from "../../shared/clients/graph/graph.ts";
import { keyVault } from "../../shared/clients/key-vault/key-vault.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { pipelines } from "../../shared/clients/open-metadata/pipelines.ts";
import type { UpstreamError } from "../../shared/errors.ts";
import { openApp } from "../app/app.ts";

const app = openApp();
const SITE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Web/sites/site`;
const audience = {
  vault: "https://vault.localhost",
  arm: "https://management.azure.com",
  graph: "https://graph.microsoft.com",
};
const token = (aud: string) => app().cloud.entra.issueToken({ aud, oid: app().cloud.app.objectId });
const credential = (aud: string) => ({
  getToken: async () => ({ token: await token(aud), expiresOnTimestamp: app().clock.now().getTime() + 3_600_000 }),
});

/** One reading call of each client. */
const CALLS = {
  "key-vault": () =>
    keyVault({ url: app().cloud.urls.vault, name: "vault" }, credential(audience.vault))("any").latest(),
  arm: () => appService(credential(audience.arm), app().cloud.urls.arm, SITE).references(),
  graph: () =>
    graph(app().cloud.urls.graph, () => token(audience.graph), app().clock as never).get({
      action: "read",
      path: "/applications",
    }),
  openmetadata: () => pipelines(openMetadataCalls(app().cloud.urls.openMetadata, async () => "token")).pipelines(),
  entra: () =>
    signIn(`${app().cloud.urls.entra}/${app().cloud.directory.tenantId}`)({
      clientId: "id",
      clientSecret: "s",
      scope: "s/.default",
    }),
} as const;
type Service = keyof typeof CALLS;
const SERVICES = Object.keys(CALLS) as Service[];
const failure = (call: () => Promise<unknown>): Promise<UpstreamError> =>
  call().then(
    () => Promise.reject(new Error("did not fail")),
    (error: UpstreamError) => error,
  );

describe.each(SERVICES)("a call to %s", (service) => {
  it("does not wait ten minutes because it is asked to: it tells for how long", async () => {
    const body = { error: "slow down" };
    const fault = answers({ service }, { status: 429, headers: { "retry-after": "600" }, body });
    const error = await amid(app(), fault, () => failure(CALLS[service]));
    expect(error).toMatchObject({ name: "UpstreamError", transient: true, retryAfterSeconds: 600 });
    expect(fault.hits()).toBe(1);
  });

  it.each([
    ["by a date", { "retry-after": "Wed, 21 Oct 2015 08:28:00 GMT", date: "Wed, 21 Oct 2015 07:58:00 GMT" }, 1800],
    ["by milliseconds", { "retry-after-ms": "600000" }, 600],
    ["for days", { "retry-after": "86400" }, 3600],
  ])("does not wait where it is asked to %s, either", async (_, headers, retryAfterSeconds) => {
    const fault = answers({ service }, { status: 429, headers, body: { error: "slow down" } });
    const error = await amid(app(), fault, () => failure(CALLS[service]));
    expect(error).toMatchObject({ transient: true, status: 429, retryAfterSeconds });
    expect(fault.hits()).toBe(1);
  });

  it.each(["-5", "1e30", "soon"])("takes %j for no time to wait", async (after) => {
    const fault = answers(
      { service },
      { status: 429, headers: { "retry-after": after }, body: { error: "slow down" } },
    );
    const error = await amid(app(), fault, () => failure(CALLS[service]));
    expect(error).toMatchObject({ transient: true, status: 429, retryAfterSeconds: 0 });
  });

  it("reads no answer that is endlessly long", async () => {
    const body = { value: "x".repeat(17 * 1024 * 1024) };
    const error = await amid(app(), answers({ service }, { status: 200, body }), () => failure(CALLS[service]));
    expect(error).toMatchObject({ name: "UpstreamError", transient: true });
    expect(error.message).toMatch(/AnswerTooLarge|the answer is too long/);
    expect(error.message.length).toBeLessThan(300);
  });
});

const VAULT = () => keyVault({ url: app().cloud.urls.vault, name: "vault" }, credential(audience.vault))("any");
const version = { version: "1", tags: {} } as never;
const facts = { keyId: "k", nonce: "n", issuedOn: new Date(), expiresOn: new Date("2032-01-01") };
const arm = () => appService(credential(audience.arm), app().cloud.urls.arm, SITE);

/** Every call of the clients of Microsoft that hold secrets or may restart a site. */
const AZURE_CALLS: [call: string, service: "key-vault" | "arm", ask: () => Promise<unknown>, limits: number[]][] = [
  ["latest()", "key-vault", () => VAULT().latest(), [10_000]],
  ["value()", "key-vault", () => VAULT().value("1"), [10_000]],
  ["isDeleted()", "key-vault", () => VAULT().isDeleted(), [10_000]],
  ["store()", "key-vault", () => VAULT().store("value", facts), [10_000]],
  ["announce()", "key-vault", () => VAULT().announce("n", { on: new Date(), expiresOn: facts.expiresOn }), [10_000]],
  ["note()", "key-vault", () => VAULT().note(version, {}), [10_000]],
  ["references()", "arm", () => arm().references(), [15_000]],
  ["refresh()", "arm", () => arm().refresh(), [15_000]],
  ["restart()", "arm", () => arm().restart(), [15_000]],
];

describe.each(AZURE_CALLS)("%s of %s", (_, service, ask, expected) => {
  afterEach(() => vi.restoreAllMocks());

  it.each([301, 302, 303, 307, 308])("is led to no other host by %i", async (status) => {
    const there = strike({ service: "openmetadata" }, { kind: "answer", response: () => injected(200, { value: [] }) });
    const led = answers({ service }, { status, headers: { location: `${app().cloud.urls.openMetadata}/there` } });
    await amid(app(), [led, there], () => failure(ask));
    expect(there.hits()).toBe(0);
  });

  it("says of a page of a proxy that it is none of the service's", async () => {
    const page = answers({ service }, { status: 200, body: "<html>Sign in</html>" });
    const error = await amid(app(), page, () => failure(ask));
    expect(error).toMatchObject({
      name: "UpstreamError",
      message: expect.stringContaining("is not JSON (is there a proxy"),
    });
  });

  it("waits for no answer that never comes", async () => {
    const limits: [milliseconds: number, runOut: AbortController][] = [];
    const over = Promise.withResolvers<Response>();
    const silent = strike({ service }, () => {
      for (const [, runOut] of limits) runOut.abort(new DOMException("too late", "TimeoutError"));
      return { kind: "answer", response: () => over.promise };
    });
    vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
      const runOut = new AbortController();
      limits.push([milliseconds, runOut]);
      return runOut.signal;
    });
    const error = await amid(app(), silent, () => failure(ask)).finally(() => over.resolve(injected(503, {})));
    expect(error).toMatchObject({ name: "UpstreamError", status: 0, transient: true });
    expect(silent.hits()).toBe(1);
    expect(limits.map(([milliseconds]) => milliseconds)).toEqual(expected);
  });
});

describe("a list", () => {
  it("that repeats its cursor is given up, by name", async () => {
    const body = { data: [{ id: "1", name: "one", deployed: true }], paging: { after: "again" } };
    const fault = answers({ service: "openmetadata" }, { status: 200, body });
    const error = await amid(app(), fault, () => failure(CALLS.openmetadata));
    expect(error).toMatchObject({
      code: "openmetadata-unreadable",
      message: expect.stringContaining("keeps returning more pages"),
    });
    expect(fault.hits()).toBe(2);
  });
});

describe("the token of the app's own identity", () => {
  afterEach(() => vi.useRealTimers());

  it("is not waited for longer than a request", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silent = withinTime({ getToken: () => new Promise(() => {}) });
    const asked = failure(() =>
      ownTokens(silent, { graphUrl: "https://graph.localhost", tenantId: "tenant" }).tokenFor("scope"),
    );
    await vi.advanceTimersByTimeAsync(16_000);
    expect(await asked).toMatchObject({ code: "identity-unavailable", transient: true });
  });
});
