import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callerTokens } from "../../shared/clients/entra/caller-tokens.ts";
import { signIn } from "../../shared/clients/entra/sign-in.ts";
import { type IdentityWorld, startIdentity } from "../local/identity-world.ts";
import { answering } from "./answering.ts";

let world: IdentityWorld;
let clientId: string;
let clientSecret: string;
beforeAll(async () => {
  world = await startIdentity();
  ({ clientId } = world.directory.registerByHand("openmetadata-ingestion"));
  world.directory.addPrincipalByHand(clientId);
  ({ value: clientSecret } = world.directory.addPasswordByHand(clientId, { displayName: "one" }));
});
afterAll(() => world.close());

const scope = "https://graph.microsoft.com/.default";
const tenant = () => `${world.authority}/${world.directory.tenantId}`;
const signingIn = (who: { clientId?: string } = {}, authority = tenant()) =>
  signIn(authority)({ clientId, clientSecret, scope, ...who });

describe("a sign-in that Entra refuses", () => {
  it.each([
    [53003, "sign-in-blocked", "Conditional Access policy for workload identities"],
    [530003, "sign-in-blocked", "requires a managed device"],
    [900382, "tenant-mismatch", "Set AUTHORITY_HOST, GRAPH_URL and ARM_URL"],
  ] as const)("with AADSTS%i is told as %s, with what to do", async (code, problem, hint) => {
    const end = world.entra.refuseSignIns(code);
    const refused = signingIn();
    await expect(refused).rejects.toMatchObject({
      code: problem,
      message: expect.stringContaining(`AADSTS${code}`),
      hint: expect.stringContaining(hint),
    });
    end();
  });

  it("because the tenant does not exist names TENANT_ID, to callers' tokens too", async () => {
    const nowhere = `${world.authority}/9d1f5a0e-0b1e-4d0c-8a51-7d4f0f2f9c33`;
    const expected = { code: "tenant-mismatch", hint: expect.stringContaining("Correct TENANT_ID") };
    await expect(signingIn({}, nowhere)).rejects.toMatchObject(expected);
    await expect(callerTokens(nowhere, clientId)("token")).rejects.toMatchObject(expected);
  });

  it("because the application is not in the tenant names the settings that may say so", async () => {
    const stranger = { clientId: "9d1f5a0e-0b1e-4d0c-8a51-7d4f0f2f9c33" };
    await expect(signingIn(stranger)).rejects.toMatchObject({
      code: "registration-missing",
      hint: expect.stringMatching(/POST \/api\/provision.*SERVER_CLIENT_ID or INGESTION_CLIENT_ID/),
    });
  });
});

describe("how long Entra wants to be left alone", () => {
  const asked = async (headers: Record<string, string>): Promise<number> => {
    const { url } = await answering(() => ({ status: 429, headers, json: {} }));
    const error = await signingIn({}, url).catch((thrown: unknown) => thrown);
    return (error as { retryAfterSeconds: number }).retryAfterSeconds;
  };

  it.each<[string, Record<string, string>, number]>([
    ["in seconds", { "retry-after": "100" }, 100],
    [
      "as a date, by Entra's own clock",
      { "retry-after": "Mon, 03 Mar 2031 12:01:30 GMT", date: "Mon, 03 Mar 2031 12:00:00 GMT" },
      90,
    ],
    ["for a day, of which an hour is believed", { "retry-after": "86400" }, 3600],
    ["in words", { "retry-after": "soon" }, 0],
    ["nowhere", {}, 0],
  ])("is read %s", async (_, headers, seconds) => {
    expect(await asked(headers)).toBe(seconds);
  });
});
