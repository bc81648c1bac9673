import { describe, expect, it } from "vitest";
import { StalledError } from "../../shared/errors.ts";
import type { Finding } from "../../shared/hygiene/finding.ts";
import type { Application } from "../../shared/registration/application.ts";
import { desiredServer } from "../../shared/registration/desired.ts";
import { EMPTY } from "../../shared/registration/plan.ts";
import { worstFirst } from "../../shared/status/drift.ts";
import { pageOf, readWish } from "../../shared/status/page.ts";
import { judgePermissions } from "../../shared/status/permissions.ts";
import { registrationFindings } from "../../shared/status/registrations.ts";
import { otherInstallationFindings, sharedIdentityFindings } from "../../shared/status/sharing.ts";
import { orUnread, severityOf } from "../../shared/status/unread.ts";
import { refusalOf } from "../refusal.ts";

describe("the permissions of the identity", () => {
  const missing = (held: string[]) =>
    judgePermissions({ objectId: "identity", graphPermissions: held }, "https://graph.microsoft.com").missing;

  it("are missing where they are not held, each with the command that grants it", () => {
    const all = missing([]);
    expect(all).toHaveLength(5);
    for (const { permission, command } of all) {
      expect(command).toContain("identity");
      expect(permission).not.toBe("Application.ReadWrite.All");
    }
    expect(missing(all.map(({ permission }) => permission))).toEqual([]);
  });

  it("say what each is for, and which are held", () => {
    const judged = judgePermissions(
      { objectId: "identity", graphPermissions: ["Mail.Read"] },
      "https://graph.microsoft.com",
    );
    expect(judged.held).toEqual(["Mail.Read"]);
    expect(judged.missing.map(({ permission, neededFor }) => `${permission}: ${neededFor}`)).toEqual([
      "Application.ReadWrite.OwnedBy: provisioning and rotation",
      "DelegatedPermissionGrant.ReadWrite.All: POST /api/consent (delegated grants); a person can consent instead",
      "AppRoleAssignment.ReadWrite.All: POST /api/consent (app role of ingestion); a person can consent instead",
      "Application.Read.All: POST /api/consent (app role of ingestion); a person can consent instead",
      "Policy.Read.All: reading the tenant's limits for client secrets before one is issued",
    ]);
  });

  it("are not missing where a wider one is held", () => {
    const names = missing(["Application.ReadWrite.All"]).map(({ permission }) => permission);
    expect(names).not.toContain("Application.ReadWrite.OwnedBy");
    expect(names).toHaveLength(4);
  });
});

describe("findings", () => {
  it("stand with the worst first", () => {
    const finding = (severity: Finding["severity"]): Finding => ({ kind: "planted", severity, what: "", do: "" });
    const mixed = (["notice", "critical", "warning"] as const).map(finding);
    expect(worstFirst(mixed).map(({ severity }) => severity)).toEqual(["critical", "warning", "notice"]);
  });

  it("of a registration that somebody else made speak of nothing else: it is not ours to compare", () => {
    const intent = {
      tenantId: "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
      name: "openmetadata",
      openMetadataUrl: "https://catalog.example.com",
      signInFlow: "implicit" as const,
      extraRedirectUris: [],
    };
    const application: Application = { ...EMPTY, id: "object", appId: "client" };
    const found = { application, servicePrincipalId: "principal", desired: desiredServer(intent) };
    expect(registrationFindings({ ...found, planted: ["it is not ours"] })).toMatchObject([
      {
        kind: "planted",
        severity: "critical",
        what: "Not trusted: it is not ours",
        do: expect.stringContaining("client"),
      },
    ]);
    const kinds = registrationFindings(found).map(({ kind }) => kind);
    expect(kinds.length).toBeGreaterThan(0);
    expect(new Set(kinds)).toEqual(new Set(["registration"]));
  });

  it("of a registration say what differs from what is provisioned, and who puts it right", () => {
    const here = "https://catalog.example.com/callback";
    const there = "https://catalog.example.com/other";
    const intent = {
      tenantId: "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
      name: "openmetadata",
      openMetadataUrl: "https://catalog.example.com",
      signInFlow: "implicit" as const,
      extraRedirectUris: [there],
    };
    const application: Application = { ...EMPTY, id: "object", appId: "client", web: { redirectUris: [here] } };
    const lines = (signInFlow: "implicit" | "auth-code", serverClientId?: string) =>
      registrationFindings({
        application: { ...application, spa: { redirectUris: [there] } },
        servicePrincipalId: undefined,
        desired: desiredServer({ ...intent, signInFlow, serverClientId }),
      }).map(({ kind, severity, what, do: todo }) => `${kind} ${severity}: ${what}. ${todo}`);
    const name = 'Registration "openmetadata-server" (client ID client)';
    const ours = 'Call POST /api/provision, first with {"dryRun":true}; it removes nothing that was added by hand';
    expect(lines("implicit")).toContain(`registration warning: ${name} has no service principal. ${ours}`);
    const byHand =
      "The registration was created by hand, so this app does not change this: change it in Entra once nothing depends on it";
    expect(lines("implicit", "client")).toContain(
      `registration warning: ${name} has redirect URI ${here} on platform Web, which does not match SIGN_IN_FLOW. ${byHand}`,
    );
    expect(lines("auth-code", "client")).toContain(
      `registration warning: ${name} has redirect URI ${there} on platform SPA, which does not match SIGN_IN_FLOW. ${byHand}`,
    );
    expect(
      registrationFindings({ application: undefined, servicePrincipalId: undefined, desired: desiredServer(intent) }),
    ).toEqual([]);
  });

  it("of an identity or a registration that is shared name who shares it, and what to do", () => {
    expect(sharedIdentityFindings("production", [])).toEqual([]);
    expect(sharedIdentityFindings("production", ["staging", "test"])).toEqual([
      {
        kind: "shared-identity",
        severity: "warning",
        what: expect.stringContaining('servers of "production" and "staging", "test". OpenMetadata does not check'),
        do: expect.stringContaining("Give each deployment its own user-assigned identity"),
      },
    ]);
    const one = { keyId: "one", mark: "elsewhere", nonce: "nonce", issuedOn: new Date(0), expiresOn: new Date(1) };
    expect(otherInstallationFindings("a-secret", [])).toEqual([]);
    expect(otherInstallationFindings("a-secret", [one, { ...one, keyId: "two", mark: undefined }])).toEqual([
      {
        kind: "other-installation",
        severity: "warning",
        what: expect.stringMatching(
          /^The registration of "a-secret" has .*: one \(elsewhere\), two \(by an earlier release\)\./,
        ),
        do: expect.stringContaining("Give each installation its own registration"),
      },
    ]);
  });
});

describe("what cannot be read", () => {
  it("is told with its code, and with what to do where that is known", async () => {
    const refused = () => Promise.reject(new StalledError("vault-forbidden", "no right", { hint: "give the role" }));
    expect(await orUnread(refused)).toEqual({ error: "no right", code: "vault-forbidden", hint: "give the role" });
    const broken = await orUnread(() => Promise.reject(new TypeError("broken")));
    expect(broken).toMatchObject({ code: "internal-error" });
    expect(broken).not.toHaveProperty("hint");
  });

  it("fails a deployment only where no time mends it", () => {
    expect(severityOf("vault-forbidden")).toBe("failing");
    for (const code of ["replication-pending", "graph-unreachable", "internal-error"] as const) {
      expect(severityOf(code)).toBe("attention");
    }
  });
});

describe("the pages of status", () => {
  const all = ["a", "b", "c", "d", "e"].map((name) => ({ name }));
  const names = (limit: number, after?: string) => {
    const { page, next } = pageOf(all, { limit, after });
    return [page.map(({ name }) => name).join(""), next];
  };
  const wish = (query: string) => readWish(new URLSearchParams(query));

  it("follow one another, and each deployment is on one", () => {
    expect(names(2)).toEqual(["ab", "b"]);
    expect(names(2, "b")).toEqual(["cd", "d"]);
    expect(names(2, "d")).toEqual(["e", undefined]);
    expect(names(5)).toEqual(["abcde", undefined]);
    expect(names(2, "a")).toEqual(["bc", "c"]);
    expect(pageOf([], { limit: 2, after: undefined })).toEqual({ page: [], next: undefined });
    expect(refusalOf(() => names(2, "gone"))).toMatchObject({
      code: "deployment-unknown",
      message: 'Cannot find deployment "gone"',
      hint: expect.stringContaining('"next" of the previous answer'),
    });
  });

  it("have a length from 1 to 100, 20 where nobody says", () => {
    expect(wish("")).toEqual({ kind: "page", limit: 20, after: undefined, history: false });
    expect([wish("limit=1"), wish("limit=100")]).toMatchObject([{ limit: 1 }, { limit: 100 }]);
    for (const limit of ["0", "101", "-1", "1.5", "1e1", ""]) {
      expect(refusalOf(() => wish(`limit=${limit}`))).toMatchObject({
        code: "query-invalid",
        message: `Cannot read the query: "${limit}" is not a number from 1 to 100`,
        hint: expect.stringContaining("from 1 to 100, or leave it out for 20"),
      });
    }
  });

  it("are not asked for together with one deployment", () => {
    expect(wish("deployment=a")).toEqual({ kind: "one", deployment: "a", history: false });
    for (const query of ["deployment=a&limit=1", "deployment=a&after=b"]) {
      expect(refusalOf(() => wish(query))).toMatchObject({
        code: "query-invalid",
        message: expect.stringContaining("no effect on one deployment"),
        hint: expect.stringContaining("without them"),
      });
    }
  });

  it("tell what happened where the query says so, and only then", () => {
    const asked = (query: string) => wish(query).history;
    expect([asked("history=true"), asked("history=false"), asked("")]).toEqual([true, false, false]);
    expect(asked("deployment=a&history=true")).toBe(true);
    expect(refusalOf(() => wish("history=yes"))).toMatchObject({
      code: "query-invalid",
      message: 'Cannot read the query: "history" is "yes"',
      hint: expect.stringContaining('"true", or leave it out'),
    });
  });
});
