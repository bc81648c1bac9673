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
import { orUnread, severityOf } from "../../shared/status/unread.ts";

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
      { kind: "planted", severity: "critical" },
    ]);
    const kinds = registrationFindings(found).map(({ kind }) => kind);
    expect(kinds.length).toBeGreaterThan(0);
    expect(new Set(kinds)).toEqual(new Set(["registration"]));
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
    expect(() => names(2, "gone")).toThrow('Cannot find deployment "gone"');
  });

  it("have a length from 1 to 100, 20 where nobody says", () => {
    expect(wish("")).toEqual({ kind: "page", limit: 20, after: undefined, history: false });
    expect([wish("limit=1"), wish("limit=100")]).toMatchObject([{ limit: 1 }, { limit: 100 }]);
    for (const limit of ["0", "101", "-1", "1.5", "1e1", ""]) {
      expect(() => wish(`limit=${limit}`)).toThrow("is not a number from 1 to 100");
    }
  });

  it("are not asked for together with one deployment", () => {
    expect(wish("deployment=a")).toEqual({ kind: "one", deployment: "a", history: false });
    for (const query of ["deployment=a&limit=1", "deployment=a&after=b"]) {
      expect(() => wish(query)).toThrow("no effect on one deployment");
    }
  });
});
