import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { amid, answers, loses, refuses, strike } from "../../proof/strikes/strike.ts";
import type { ProblemCode } from "../../shared/problems/problems.ts";
import { openApp } from "./app.ts";
import { everything, rawCall } from "./raw-call.ts";
import { said } from "./trouble.ts";

const TOKEN_SECRET = "openmetadata-admin-token";
const OPENMETADATA = { service: "openmetadata" } as const;
const ADMIN = { ...OPENMETADATA, path: /\/users\/name\/admin/ };
const DELETE = "DELETE /api/v1/users/name/admin";

const app = openApp({ settings: { INITIAL_ADMINS: "alice@example.com,bob" } });

const defaultAdmin = () =>
  app()
    .cloud.openMetadata.users()
    .find(({ name }) => name === "admin");
const harden = (body: unknown = {}) => app().call("POST", "harden", body);

/** What an administrator does past the app. */
async function byHand(method: "PUT" | "DELETE", path: string, body?: unknown): Promise<void> {
  const { urls, openMetadata } = app().cloud;
  const answer = await fetch(`${urls.openMetadata}/api/v1/users${path}`, {
    method,
    headers: { authorization: `Bearer ${openMetadata.adminBotToken()}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await answer.text();
}
const person = (name: string, isAdmin: boolean) => byHand("PUT", "", { name, email: `${name}@example.com`, isAdmin });

/** Refused with a reason and a hint, dry or not, and nothing was written. */
async function expectRefusal(code: ProblemCode, hint: RegExp): Promise<void> {
  const before = everything(app());
  for (const body of [{}, { dryRun: true }]) {
    app().mark();
    expect(await harden(body)).toMatchObject({
      status: 409,
      body: {
        code,
        hint: expect.stringMatching(hint),
      },
    });
    expect(app().writes("openmetadata")).toEqual([]);
  }
  expect(everything(app())).toBe(before);
}

beforeAll(async () => {
  const { status, body } = await harden();
  expect({ status, body }).toMatchObject({ status: 409, body: { hint: expect.stringContaining("/api/provision") } });
  for (const path of ["provision", "consent"]) await app().post(path);
});

/** A server that has its administrators and no longer lists the default one, which is still there. */
beforeEach(async () => {
  const { openMetadata, app: own } = app().cloud;
  openMetadata.options.adminPrincipals = ["admin", own.objectId];
  openMetadata.restart();
  openMetadata.options.adminPrincipals = ["alice", "bob", own.objectId];
  openMetadata.restart();
  app().mark();
});

describe("POST /api/harden", () => {
  it("shows first what it would do, and writes nothing", async () => {
    const before = everything(app());
    const { status, body } = await harden({ dryRun: true });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        deployment: "openmetadata",
        converged: false,
        steps: [
          {
            kind: "delete-default-admin",
            because: "everybody knows its password",
            target: "admin",
            state: "planned",
          },
        ],
        result: { defaultAdmin: "present", administrators: ["alice", "bob"] },
      },
    });
    expect(app().writes("openmetadata")).toEqual([]);
    expect(everything(app())).toBe(before);
  });

  it("deletes the default admin for good, and does nothing the second time", async () => {
    const since = app().log.length;
    const { body } = await app().post("harden");
    expect(body).toMatchObject({
      converged: true,
      steps: [{ kind: "delete-default-admin", target: "admin", state: "done" }],
      result: { defaultAdmin: "absent", administrators: ["alice", "bob"] },
    });
    expect(said(app(), since)).toContain("hardening: delete-default-admin admin (everybody knows its password)");
    expect(defaultAdmin()).toBeUndefined();
    app().cloud.openMetadata.restart();
    expect(defaultAdmin()).toBeUndefined();

    app().mark();
    const again = await app().post("harden");
    expect(again.body).toMatchObject({ converged: true, steps: [], result: { defaultAdmin: "absent" } });
    expect(app().writes("openmetadata")).toEqual([]);
  });

  it.each(["0.13.3", "1.5.13"] as const)("does so in release %s", async (release) => {
    const { options } = app().cloud.openMetadata;
    options.release = release;
    expect((await app().post("harden")).body).toMatchObject({ steps: [{ state: "done" }] });
    expect(defaultAdmin()).toBeUndefined();
    options.release = "1.2.5";
  });

  it("writes to nothing but that account", async () => {
    await app().post("harden");
    expect(app().writes("openmetadata")).toEqual([DELETE]);
    for (const service of ["graph", "key-vault"] as const) expect(app().writes(service)).toEqual([]);
  });

  it("finds administrators on later pages of the list, too", async () => {
    const { openMetadata } = app().cloud;
    for (let number = 0; number < 120; number += 1) {
      const name = `aa-${String(number).padStart(3, "0")}`;
      if (!openMetadata.users().some((user) => user.name === name)) openMetadata.createUser({ name, isAdmin: true });
    }
    const { body } = await harden({ dryRun: true });
    expect(body.result).toMatchObject({ administrators: expect.arrayContaining(["aa-000", "aa-119", "alice", "bob"]) });
    expect(
      app()
        .requests("openmetadata")
        .filter((line) => line === "GET /api/v1/users"),
    ).toHaveLength(2);
  });

  it("is for callers with Automation.Run", async () => {
    for (const roles of [[], ["Automation.Read"], ["Other.Role"]]) {
      const headers = { authorization: `Bearer ${await app().cloud.callerToken(roles)}` };
      expect((await rawCall(app(), { path: "harden", headers })).status).toBe(403);
    }
    expect((await rawCall(app(), { path: "harden" })).status).toBe(401);
    expect(app().exchanges).toEqual([]);
    expect(defaultAdmin()).toBeDefined();
  });
});

describe("POST /api/harden refuses", () => {
  it("while the server's configuration lists the account", async () => {
    app().cloud.openMetadata.options.adminPrincipals.push("admin");
    await expectRefusal("default-admin-configured", /^Remove "admin" from AUTHORIZER_ADMIN/);
  });

  it("where the account is gone, but would come back", async () => {
    await byHand("DELETE", "/name/admin?hardDelete=true");
    app().cloud.openMetadata.options.adminPrincipals.push("admin");
    await expectRefusal("default-admin-configured", /^Remove "admin" from/);
  });

  it("while one of INITIAL_ADMINS is not there", async () => {
    await byHand("DELETE", "/name/bob?hardDelete=true");
    await expectRefusal("administrators-missing", /^Make bob administrators/);
  });

  it("while one of INITIAL_ADMINS was only deleted softly", async () => {
    await byHand("DELETE", "/name/bob");
    await expectRefusal("administrators-missing", /^Make bob administrators/);
  });

  it("while one of INITIAL_ADMINS is no administrator", async () => {
    await person("alice", false);
    await expectRefusal("administrators-missing", /^Make alice@example.com administrators/);
  });

  it.each([
    ["nobody is named in INITIAL_ADMINS", ""],
    ["the account itself is named there", "alice,admin@example.com"],
    ["a bot is named there", "admin-bot"],
  ])("where %s", async (_, initialAdmins) => {
    app().cloud.openMetadata.adminBotToken();
    await app().restart({ INITIAL_ADMINS: initialAdmins });
    await expectRefusal("administrators-missing", /INITIAL_ADMINS/);
  });

  it("where only the app itself is named there", async () => {
    await app().restart({ INITIAL_ADMINS: app().cloud.app.objectId });
    await expectRefusal("administrators-missing", /at least one other person/);
    await app().restart();
  });

  it("where the server does not know the app, and says how to let it in", async () => {
    const { objectId } = app().cloud.app;
    await byHand("DELETE", `/name/${objectId}?hardDelete=true`);
    await expectRefusal("openmetadata-forbidden", new RegExp(`^Add ${objectId} to AUTHORIZER_ADMIN_PRINCIPALS`));
  });

  it("where the app is no administrator", async () => {
    await person(app().cloud.app.objectId, false);
    await expectRefusal("openmetadata-forbidden", /^Add .* to AUTHORIZER_ADMIN_PRINCIPALS/);
  });

  it("where the app comes with a token of that very account", async () => {
    await app().restart({ INITIAL_ADMINS: "alice", OPENMETADATA_TOKEN_SECRET: TOKEN_SECRET });
    const token = await app().cloud.entra.issueToken({
      aud: "any",
      sub: "admin",
      preferred_username: "admin@example.com",
    });
    app().cloud.vault.setByHand(TOKEN_SECRET, token);
    await expectRefusal("default-admin-in-use", /another administrator's bot .*:\n.* --name openmetadata-admin-token /);
    app().cloud.vault.setByHand(TOKEN_SECRET, app().cloud.openMetadata.adminBotToken());
    expect((await app().post("harden")).body).toMatchObject({ converged: true, result: { defaultAdmin: "absent" } });
  });

  it("where the stored token has expired", async () => {
    const exp = Math.floor(app().clock.now().getTime() / 1000) - 60;
    app().cloud.vault.setByHand(TOKEN_SECRET, await app().cloud.entra.issueToken({ aud: "any", sub: "alice", exp }));
    await expectRefusal("openmetadata-forbidden", new RegExp(`vault secret "${TOKEN_SECRET}"; this asks for it:\n`));
    await app().restart();
  });
});

describe("POST /api/harden amid trouble", () => {
  it.each([
    ["is down", refuses(OPENMETADATA), 503, "openmetadata-unreachable"],
    [
      "is a page of a proxy",
      answers(OPENMETADATA, { status: 200, body: "<html>Sign in</html>" }),
      503,
      "openmetadata-unreadable",
    ],
    // The account must not be taken for gone because something in between says 404.
    [
      "is a proxy's 404 where users are",
      answers(ADMIN, { status: 404, body: "<html>Not found</html>" }),
      502,
      "openmetadata-refused",
    ],
    [
      "says 403 to the deletion",
      answers({ ...ADMIN, method: "DELETE" }, { status: 403, body: { code: 403, message: "no" } }),
      502,
      "openmetadata-refused",
    ],
    [
      "says 500 to the deletion",
      answers({ ...ADMIN, method: "DELETE" }, { status: 500, body: { code: 500, message: "boom" } }),
      503,
      "openmetadata-unavailable",
    ],
    ["goes away before the deletion", refuses({ ...ADMIN, method: "DELETE" }), 503, "openmetadata-unreachable"],
  ])("where OpenMetadata %s: says so, and the next call finishes", async (_, fault, status, code) => {
    const answer = await amid(app(), fault, () => harden());
    expect(answer).toMatchObject({
      status,
      body: { code, hint: expect.any(String) },
    });
    expect(defaultAdmin()).toBeDefined();
    expect((await app().post("harden")).body).toMatchObject({ converged: true });
    expect(defaultAdmin()).toBeUndefined();
  });

  it("whose answer to the deletion is lost: the next call finds it done", async () => {
    const answer = await amid(app(), loses({ ...ADMIN, method: "DELETE" }), () => harden());
    expect(answer.status).toBe(503);
    expect(defaultAdmin()).toBeUndefined();
    expect((await app().post("harden")).body).toMatchObject({ converged: true, steps: [] });
  });

  it("that answers success and deletes nothing: no success is reported", async () => {
    const { email, id } = defaultAdmin() ?? {};
    const success = answers({ ...ADMIN, method: "DELETE" }, { status: 200, body: { id, name: "admin", email } });
    expect(await amid(app(), success, () => harden())).toMatchObject({
      status: 409,
      body: { code: "openmetadata-not-updated" },
    });
  });

  it("where somebody else has just deleted it: that is as good", async () => {
    // The second of the two is answered 404.
    const twice = strike({ ...ADMIN, method: "DELETE" }, () => ({ kind: "repeat" }));
    const { status, body } = await amid(app(), twice, () => harden());
    expect({ status, body }).toMatchObject({ status: 200, body: { converged: true } });
    expect(defaultAdmin()).toBeUndefined();
  });
});
