import { Readable } from "node:stream";
import { UnsecuredJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bounds, withinTime } from "../../shared/clients/azure-bounds.ts";
import { isWithoutToken, objectIdOf, ownObjectId, whyWithoutToken } from "../../shared/clients/identity.ts";
import { MOST_BYTES } from "../../shared/limits.ts";

describe("the app's identity gets no token", () => {
  it.each([
    ["AuthenticationError", true],
    ["AuthenticationRequiredError", true],
    ["CredentialUnavailableError", true],
    ["TokenTimeOutError", true],
    ["RestError", false],
    ["NoAuthenticationError", false],
    ["AuthenticationErrors", false],
    [undefined, false],
  ])("is what an error of this name says: %s (%s)", (name, expected) => {
    expect(isWithoutToken({ name })).toBe(expected);
  });

  it("is not what nothing says", () => {
    expect(isWithoutToken(undefined)).toBe(false);
  });

  it.each<[what: string, error: object | undefined, why: object]>([
    ["it did not come in time", { name: "TokenTimeOutError" }, { status: 0, code: "identity-unavailable" }],
    ["the endpoint was too slow", { status: 408 }, { status: 408, code: "identity-unavailable" }],
    ["it is throttled", { status: 429 }, { status: 429, code: "identity-unavailable" }],
    ["the endpoint is unwell", { status: 500 }, { status: 500, code: "identity-unavailable" }],
    ["the endpoint refuses", { status: 499 }, { status: 499, code: "identity-without-token" }],
    ["nobody was reached", { errorCode: "network_error" }, { status: 0, code: "identity-unavailable" }],
    ["the cause says so", { cause: { status: 503 } }, { status: 503, code: "identity-unavailable" }],
    ["the cause was not reached", { cause: { errorCode: "network_error" } }, { code: "identity-unavailable" }],
    ["the cause counts less", { status: 400, cause: { status: 503 } }, { status: 400, code: "identity-without-token" }],
    ["nobody knows", undefined, { status: 0, code: "identity-without-token" }],
    [
      "Entra refuses",
      { message: "no: AADSTS700016: unknown" },
      { status: 400, code: "identity-without-token", serviceCode: "AADSTS700016" },
    ],
    [
      "Entra refuses with a status",
      { status: 401, message: "AADSTS7000215" },
      { status: 401, code: "identity-without-token", serviceCode: "AADSTS7000215" },
    ],
    [
      "Entra is unwell",
      { status: 503, message: "AADSTS90033" },
      { status: 503, code: "identity-unavailable", serviceCode: "AADSTS90033" },
    ],
    [
      "Entra is unwell, whatever status it gives that",
      { status: 400, message: "AADSTS50196: a client request loop" },
      { status: 400, code: "identity-unavailable", serviceCode: "AADSTS50196" },
    ],
    ["no code of Entra's is named", { message: "XAADSTS1 AADSTS" }, { status: 0, serviceCode: undefined }],
  ])("because %s", (_, error, why) => {
    expect(whyWithoutToken(error)).toMatchObject(why);
  });
});

describe("the object id of the app's identity", () => {
  const token = (claims: object) => new UnsecuredJWT({ ...claims }).encode();

  const SIGNED_IN = "$(az ad signed-in-user show --query id --output tsv)";

  it("is the one that its tokens name, and is found by a command where none does", async () => {
    expect(await ownObjectId(async () => token({ oid: "own" }), "$(az)")).toBe("own");
    expect(await ownObjectId(async () => token({}), "$(az)")).toBe("$(az)");
    expect(await ownObjectId(async () => undefined, "$(az)")).toBe("$(az)");
    expect(await ownObjectId(() => Promise.reject(new Error("none")), "$(az)")).toBe("$(az)");
    expect(await ownObjectId(async () => undefined)).toBe(SIGNED_IN);
  });

  it("is asked for with a token for the service, and is found as the credential says where there is none", async () => {
    const getToken = vi.fn(async () => ({ token: token({ oid: "own" }) }));
    expect(await objectIdOf({ getToken }, "https://vault.azure.net")).toBe("own");
    expect(getToken).toHaveBeenCalledExactlyOnceWith("https://vault.azure.net/.default");
    expect(await objectIdOf({ getToken: async () => null }, "https://x")).toBe(SIGNED_IN);
    expect(await objectIdOf({ getToken: async () => null, lookUp: "$(az)" }, "https://x")).toBe("$(az)");
  });
});

describe("a token that is waited for", () => {
  afterEach(() => vi.useRealTimers());

  it("is the credential's own, asked for as told, and leaves nothing behind", async () => {
    vi.useFakeTimers();
    const getToken = vi.fn(async () => ({ token: "t", expiresOnTimestamp: 1 }));
    expect(await withinTime({ getToken }).getToken("scope", { claims: "{}" })).toMatchObject({ token: "t" });
    expect(getToken).toHaveBeenCalledExactlyOnceWith("scope", { claims: "{}" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is given up after fifteen seconds, and not before", async () => {
    vi.useFakeTimers();
    const told = vi.fn();
    void withinTime({ getToken: () => new Promise(() => {}) })
      .getToken("scope")
      .catch(told);
    await vi.advanceTimersByTimeAsync(14_999);
    expect(told).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(told.mock.calls).toMatchObject([[{ name: "TokenTimeOutError", message: "TokenTimeOutError" }]]);
  });
});

describe("an answer to one of Microsoft's clients", () => {
  const send = bounds.policy.sendRequest;
  const answering = (status: number, after?: string) => {
    const response = { status, headers: new Map([["retry-after", after]]) };
    return { response, sent: send({}, async () => response) };
  };

  it.each([
    [200, undefined],
    [429, undefined],
    [429, "5"],
    [503, "5"],
    [500, "600"],
    [429, "soon"],
  ])("is handed on as it is: %i that asks for %s", async (status, after) => {
    const { response, sent } = answering(status, after);
    expect(await sent).toBe(response);
  });

  it.each([
    [429, "6"],
    [503, "600"],
  ])("is a failure where it asks for more time than a moment: %i that asks for %s", async (status, after) => {
    await expect(answering(status, after).sent).rejects.toMatchObject({
      name: "RestError",
      statusCode: status,
      retryAfterSeconds: Number(after),
    });
  });

  it("is looked at each time that the client repeats a request, and may be so long and no longer", async () => {
    expect([bounds.position, bounds.policy.name]).toEqual(["perRetry", "bounds"]);
    const ofLength = (length: number) => ({
      status: 200,
      headers: new Map<string, string>(),
      readableStreamBody: Readable.from([Buffer.from("["), Buffer.alloc(length - 1, " ")]),
    });
    expect(await send({}, async () => ofLength(MOST_BYTES))).toMatchObject({ readableStreamBody: undefined });
    await expect(send({}, async () => ofLength(MOST_BYTES + 1))).rejects.toMatchObject({ name: "AnswerTooLarge" });
  });

  it("is read here and not by the client, which is told so again afterwards", async () => {
    const wanted = new Set([418]);
    const request = { streamResponseStatusCodes: wanted };
    const headers = new Map<string, string>();
    const sent = send(request, async ({ streamResponseStatusCodes: codes }) => {
      expect(codes?.has(Number.POSITIVE_INFINITY)).toBe(true);
      return {
        status: 200,
        headers,
        readableStreamBody: Readable.from([Buffer.from('{"a":"\u00e4"}')]),
        bodyAsText: "",
      };
    });
    expect((await sent).bodyAsText).toBe('{"a":"\u00e4"}');
    expect(request.streamResponseStatusCodes).toBe(wanted);
  });
});
