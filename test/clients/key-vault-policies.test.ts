import { describe, expect, it } from "vitest";
import { olderVersionWhereNeeded } from "../../shared/clients/key-vault/api-version.ts";
import { anotherTokenWhereRefused } from "../../shared/clients/refused-token.ts";

const unknown = (words = "The specified version (2025-07-01) is not recognized") =>
  JSON.stringify({ error: { code: "BadParameter", message: words } });

/** A vault that gives these answers in turn; the addresses that it was asked at. */
function vault(...answers: { status: number; bodyAsText?: string | null }[]) {
  const { policy, position } = olderVersionWhereNeeded();
  const asked: string[] = [];
  const ask = (url: string) =>
    policy.sendRequest({ url } as never, async (request) => {
      asked.push(request.url);
      return (answers[asked.length - 1] ?? { status: 200 }) as never;
    });
  return { ask, asked, position, name: policy.name };
}
const URL_NOW = "https://kv/secrets/s?api%2Dversion=2025-07-01&maxresults=1";

describe("a vault that does not know the version of its API", () => {
  it("is asked again in an older one, and in that from then on", async () => {
    const { ask, asked } = vault({ status: 400, bodyAsText: unknown() });
    expect(await ask(URL_NOW)).toMatchObject({ status: 200 });
    await ask("https://kv/secrets/s?a=b&api-version=2025-07-01");
    expect(asked).toEqual([
      URL_NOW,
      "https://kv/secrets/s?api%2Dversion=7.4&maxresults=1",
      "https://kv/secrets/s?a=b&api-version=7.4",
    ]);
  });

  it("is asked no third time", async () => {
    const refusal = { status: 400, bodyAsText: unknown() };
    const { ask, asked } = vault(refusal, refusal, refusal, refusal);
    expect(await ask(URL_NOW)).toBe(refusal);
    expect(await ask(URL_NOW)).toBe(refusal);
    expect(asked).toHaveLength(3);
  });

  it.each([
    ["another status", { status: 404, bodyAsText: unknown() }],
    ["another mistake with the same code", { status: 400, bodyAsText: unknown("the secret's name is not recognized") }],
    ["another code", { status: 400, bodyAsText: unknown().replace("BadParameter", "Other") }],
    ["no words", { status: 400, bodyAsText: null }],
    ["no body", { status: 400 }],
  ])("is not one that answers with %s", async (_, answer) => {
    const { ask, asked, position, name } = vault(answer);
    expect(await ask(URL_NOW)).toBe(answer);
    expect(asked).toEqual([URL_NOW]);
    expect([position, name]).toEqual(["perCall", "olderVersionWhereNeeded"]);
  });
});

describe("a vault that refuses a token", () => {
  const answered = async (status: number, challenge: string | undefined, signed = true) => {
    const { policy, position } = anotherTokenWhereRefused;
    const headers = new Headers(challenge === undefined ? {} : { "www-authenticate": challenge });
    const request = { headers: new Headers(signed ? { authorization: "Bearer t" } : {}) };
    await policy.sendRequest(request as never, async () => ({ status, headers: adapted(headers) }) as never);
    expect([position, policy.name]).toEqual(["perRetry", "anotherTokenWhereRefused"]);
    return headers.get("www-authenticate");
  };
  const adapted = (headers: Headers) => ({
    get: (name: string) => headers.get(name) ?? undefined,
    set: (name: string, value: string) => headers.set(name, value),
  });

  it.each([["Bearer authorization=x"], [undefined], ['Bearer otherclaims="e30="']])(
    "is heard as asking for another one: %s",
    async (challenge) => {
      expect(await answered(401, challenge)).toBe('Bearer error="insufficient_claims", claims="e30="');
    },
  );

  it.each<[what: string, status: number, challenge: string, signed: boolean]>([
    ["says itself what the other one shall have", 401, 'Bearer error="x", claims="abc"', true],
    ["only asks for one", 401, "Bearer authorization=x", false],
    ["forbids what the token is for", 403, "Bearer x", true],
  ])("is not meant where it %s", async (_, status, challenge, signed) => {
    expect(await answered(status, challenge, signed)).toBe(challenge);
  });
});
