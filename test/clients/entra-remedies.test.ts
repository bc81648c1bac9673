import { UnsecuredJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aadstsIn, entraRefusal, REMEDIES } from "../../shared/clients/entra/refusals.ts";
import { signIn } from "../../shared/clients/entra/sign-in.ts";

const refused = (...codes: unknown[]) => ({ error: "invalid_client", error_codes: codes });
const refusal = (status: number, json: unknown, retryAfterSeconds?: number) =>
  entraRefusal("sign in", { status, json, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });

describe("what Entra refuses and a person must cure", () => {
  it.each([
    [700016, "registration-missing", /^Call POST \/api\/provision: .* correct the setting$/],
    [7000229, "registration-missing", /the application has no service principal/],
    [500011, "registration-missing", /the server registration has no service principal/],
    [7000112, "sign-in-blocked", /^Enable the application in Entra/],
    [501051, "sign-in-blocked", /^Call POST \/api\/consent: .* Ingestion\.Run$/],
    [53003, "sign-in-blocked", /Conditional Access policy for workload identities/],
    [530003, "sign-in-blocked", /requires a managed device/],
    [90002, "tenant-mismatch", /^Correct TENANT_ID: .* AUTHORITY_HOST, GRAPH_URL and ARM_URL/],
    [900382, "tenant-mismatch", /^Set AUTHORITY_HOST, GRAPH_URL and ARM_URL/],
    [900432, "tenant-mismatch", /^Set AUTHORITY_HOST, GRAPH_URL and ARM_URL/],
    [90038, "tenant-mismatch", /^Set AUTHORITY_HOST, GRAPH_URL and ARM_URL/],
    [50001, "sign-in-blocked", /^Enable what the sign-in is for in Entra/],
    [500014, "sign-in-blocked", /^Enable what the sign-in is for in Entra/],
    [500021, "sign-in-blocked", /tenant restrictions/],
    [500022, "sign-in-blocked", /tenant restrictions/],
    [530032, "sign-in-blocked", /security policy/],
  ])("is told with what to do: AADSTS%i", (number, code, hint) => {
    expect(refusal(401, refused(number, 1))).toMatchObject({
      name: "StalledError",
      code,
      message: `Cannot sign in: Entra answered 401 AADSTS${number}`,
      hint: expect.stringMatching(hint),
    });
  });

  it("is nothing else", () => {
    const told = [700016, 7000229, 500011, 7000112, 501051, 53003, 530003, 90002, 900382, 900432, 90038];
    const numbers = [...told, 50001, 500014, 500021, 500022, 530032];
    expect(Object.keys(REMEDIES).map(Number).toSorted()).toEqual(numbers.toSorted());
  });
});

describe("another refusal of Entra's", () => {
  it.each([50033, 50196, 90006, 90012, 90024, 90033, 90055, 90090, 90091])("ends by itself: AADSTS%i", (number) => {
    expect(refusal(400, refused(number))).toMatchObject({
      code: "entra-unavailable",
      transient: true,
      serviceCode: `AADSTS${number}`,
    });
  });

  it.each<[what: string, status: number, json: unknown, facts: object]>([
    [
      "a code",
      400,
      refused(900023),
      {
        message: "Cannot sign in: Entra answered 400 AADSTS900023",
        serviceCode: "AADSTS900023",
        code: "entra-refused",
      },
    ],
    [
      "no code",
      400,
      { error: "invalid_client" },
      { message: "Cannot sign in: Entra answered 400", serviceCode: undefined, transient: false, retryAfterSeconds: 0 },
    ],
    ["no answer that can be read", 502, undefined, { message: "Cannot sign in: Entra answered 502", transient: true }],
  ])("is told with what is known of it: %s", (_, status, json, facts) => {
    expect(refusal(status, json)).toMatchObject({ name: "UpstreamError", service: "Entra", status, ...facts });
  });

  it("tells how long Entra wants to be left alone", () => {
    expect(refusal(429, refused(), 7)).toMatchObject({ retryAfterSeconds: 7 });
    expect(refusal(429, refused(), 0)).toMatchObject({ retryAfterSeconds: 0 });
  });

  it.each([
    [refused(1, 2), [1, 2]],
    [{ error: "x" }, []],
    [{ error_codes: [1] }, []],
    [refused("x"), []],
    [undefined, []],
  ])("names its codes, where it is one: %j", (json, codes) => {
    expect(aadstsIn(json)).toEqual(codes);
  });
});

describe("a sign-in as an application", () => {
  afterEach(() => vi.unstubAllGlobals());
  const token = new UnsecuredJWT({ oid: "object" }).encode();

  /** What comes of a sign-in that Entra answers so, and what it was sent. */
  async function signedIn(status: number, json: unknown) {
    const sent: [url: string, how: RequestInit][] = [];
    vi.stubGlobal("fetch", async (url: string, how: RequestInit) => {
      sent.push([url, how]);
      return Response.json(json, { status });
    });
    const how = { clientId: "app", clientSecret: "s3cr=t", scope: "api://x/.default" };
    const outcome = await signIn("https://login/tenant")(how).catch((error: unknown) => error);
    return { outcome, sent };
  }

  it("sends the secret to the tenant alone", async () => {
    const { outcome, sent } = await signedIn(200, { access_token: token });
    expect(outcome).toEqual({ kind: "signed-in", accessToken: token, objectId: "object" });
    expect(sent).toMatchObject([["https://login/tenant/oauth2/v2.0/token", { method: "POST" }]]);
    expect(Object.fromEntries(sent[0]?.[1].body as URLSearchParams)).toEqual({
      grant_type: "client_credentials",
      client_id: "app",
      client_secret: "s3cr=t",
      scope: "api://x/.default",
    });
  });

  it("may be by a token that names nobody", async () => {
    const { outcome } = await signedIn(200, { access_token: new UnsecuredJWT({}).encode() });
    expect(outcome).toMatchObject({ kind: "signed-in", objectId: "" });
  });

  it.each([
    [7000215, { kind: "unknown-secret" }],
    [7000222, { kind: "expired-secret" }],
  ])("is not one where Entra does not take the secret: AADSTS%i", async (number, expected) => {
    expect((await signedIn(401, refused(1, number))).outcome).toEqual(expected);
  });

  it("fails where Entra refuses for another reason", async () => {
    const { outcome } = await signedIn(401, refused(7000112));
    expect(outcome).toMatchObject({
      code: "sign-in-blocked",
      message: "Cannot sign in as application app: Entra answered 401 AADSTS7000112",
    });
  });

  it.each([{}, { access_token: "opaque" }, undefined])("fails where it brings no token: %j", async (json) => {
    expect((await signedIn(200, json ?? null)).outcome).toMatchObject({
      service: "Entra",
      status: 200,
      message: "Cannot sign in as application app: the answer contains no token (is there a proxy in between?)",
    });
  });
});
