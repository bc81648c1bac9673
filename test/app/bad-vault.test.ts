import { beforeAll, describe, expect, it } from "vitest";
import { amid, answers, loses } from "../../proof/strikes/strike.ts";
import type { ProblemCode } from "../../shared/problems/problems.ts";
import { MINUTE, openApp, SECRET } from "./app.ts";
import { endsWell } from "./trouble.ts";

const app = openApp();

const VAULT = { service: "key-vault" } as const;
const vault = () => app().cloud.vault;
const grant = (...rights: ("get" | "list" | "set" | "update")[]) => vault().grant(app().cloud.app.objectId, rights);
const revoke = () => vault().revoke(app().cloud.app.objectId);
const issues = () =>
  app()
    .requests("graph")
    .filter((line) => line.endsWith("/addPassword")).length;
const rotate = () => app().call("POST", "rotate", { because: "leaver" });

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  await app().settle();
  app().cloud.ingestion.start();
});
endsWell(app);

describe("Key Vault", () => {
  const restore = () => grant("get", "list", "set", "update");
  const TWIN = `${SECRET}-next`;

  it.each<[what: string, make: () => void, mend: () => void, status: number, code: ProblemCode, hint: RegExp]>([
    ["lets nobody in (RBAC)", revoke, restore, 409, "vault-forbidden", /Key Vault Secrets Officer/],
    [
      "lets the app read only",
      () => {
        revoke();
        grant("get", "list");
      },
      restore,
      409,
      "vault-forbidden",
      /Key Vault Secrets Officer/,
    ],
    [
      "is behind a firewall",
      () => vault().firewall(true),
      () => vault().firewall(false),
      409,
      "vault-network-forbidden",
      /network/,
    ],
    [
      "has the secret deleted",
      () => vault().deleteByHand(SECRET),
      () => vault().recoverByHand(SECRET),
      409,
      "vault-secret-deleted",
      /recover/,
    ],
    [
      "has the twin deleted",
      () => vault().deleteByHand(TWIN),
      () => vault().recoverByHand(TWIN),
      409,
      "vault-secret-deleted",
      /recover/,
    ],
    [
      "is recovering the twin",
      () => {
        vault().recoveringFor = 10 * MINUTE;
        vault().deleteByHand(TWIN);
        vault().recoverByHand(TWIN);
      },
      () => undefined,
      503,
      "vault-unavailable",
      /next run/,
    ],
  ])("%s: found out before a secret is issued", async (_, make, mend, status, code, hint) => {
    app().mark();
    make();
    const answer = await rotate();
    mend();
    vault().recoveringFor = 0;
    expect(answer).toMatchObject({
      status,
      body: { code, hint: expect.stringMatching(hint) },
    });
    expect(issues()).toBe(0);
    expect(app().inEntra()).toHaveLength(1);
  });

  it.each<[what: string, status: number, error: object, code: ProblemCode, hint: RegExp]>([
    [
      "uses access policies, and none is for the app",
      403,
      { code: "Forbidden", message: "does not have secrets get permission", innererror: { code: "AccessDenied" } },
      "vault-forbidden",
      /\naz keyvault set-policy --name \S+ --object-id [\da-f-]{36} --secret-permissions get list set$/,
    ],
    [
      "belongs to another tenant",
      401,
      { code: "Unauthorized", message: "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/1/." },
      "tenant-mismatch",
      /KEY_VAULT_URL/,
    ],
  ])("%s: the answer says what to do", async (_, status, error, code, hint) => {
    const headers = { "www-authenticate": 'Bearer authorization="https://login.localhost/1", resource="https://x"' };
    app().mark();
    const answer = await amid(app(), answers(VAULT, { status, headers, body: { error } }), () => rotate());
    expect(answer).toMatchObject({ status: 409, body: { code, hint: expect.stringMatching(hint) } });
    expect(issues()).toBe(0);
  });

  it("throttles: it is asked again, then the answer says so", async () => {
    const busy = { status: 429, headers: { "retry-after": "0" }, body: { error: { code: "Throttled", message: "" } } };
    expect(await amid(app(), answers({ ...VAULT, times: 2 }, busy), () => rotate())).toMatchObject({ status: 200 });
    app().mark();
    const answer = await amid(app(), answers(VAULT, busy), () => rotate());
    expect(answer).toMatchObject({ status: 503, body: { code: "vault-throttled" } });
    expect(issues()).toBe(0);
  });

  it.each([
    ["the announcement", { method: "PUT", path: /-next$/, times: 1 }],
    ["the staged value", { method: "PUT", path: /-next$/, skip: 1, times: 1 }],
    ["the promotion", { method: "PUT", path: /client-secret$/, times: 1 }],
    ["a note", { method: "PATCH", times: 1 }],
  ])("loses its answer to %s: written once more, with the same secret", async (_, meant) => {
    app().mark();
    expect(await amid(app(), loses({ ...VAULT, ...meant }), () => rotate())).toMatchObject({ status: 200 });
    expect(issues()).toBe(1);
  });
});
