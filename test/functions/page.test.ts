import functions, { type HttpResponseInit } from "@azure/functions";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";
import { page } from "../../shared/handlers/page-answer.ts";
import { refusal, showPage } from "../../shared/handlers/show-page.ts";
import { status } from "../page/views.ts";
import { NOW } from "../status/facts.ts";

/** Which deployments were looked at. */
const scene = vi.hoisted(() => ({
  looked: [] as string[],
  hows: [] as unknown[],
  now: undefined as unknown,
  silent: false,
}));
vi.mock("../../shared/handlers/look.ts", () => ({
  look: async ({ name }: { name: string }, how: { among: Deployment[]; history?: boolean }) => {
    scene.looked.push(name);
    scene.hows.push({ history: how.history, among: how.among.map((one) => one.name) });
    return status({ deployment: name, on: scene.now as Date });
  },
  lookAtEngine: async () => ({ timer: { silent: scene.silent }, queue: { messages: 0, poisoned: 0 } }),
}));
vi.mock("../../shared/world/guard.ts", () => ({
  guard: { now: () => scene.now, callers: () => ({ audience: "api-1" }) },
}));

const named = (...names: string[]) =>
  names.map((name) => ({ name, openMetadataUrl: `https://${name}.example.com` })) as Deployment[];
const ask = (path: string, headers: Record<string, string> = {}) =>
  new functions.HttpRequest({ method: "GET", url: `http://app.example/api/${path}`, headers });
const show = (path: string, deployments: Deployment[], faults: string[] = []) =>
  showPage({ request: ask(path), deployments, faults, log: () => undefined });
const headersOf = ({ headers }: HttpResponseInit) => headers as Record<string, string>;

beforeEach(() => {
  Object.assign(scene, { looked: [], hows: [], now: NOW, silent: false });
});
/** What stands in an answer's page: its title, after how many seconds it looks again, and where the same is JSON. */
async function shown(path: string, deployments: Deployment[], faults: string[] = []) {
  const answer = await show(path, deployments, faults);
  const body = String(answer.body);
  const part = (pattern: RegExp) => pattern.exec(body)?.[1];
  return {
    status: answer.status,
    title: part(/<title>(.*)<\/title>/),
    refresh: Number(part(/data-refresh="(\d+)"/)),
    json: part(/GET \/api\/(status[^<"\s]*)/)?.replaceAll("&amp;", "&"),
    body,
  };
}

describe("the page", () => {
  it("is that of the only deployment, but tells first what is wrong with the list of them", async () => {
    expect(String((await show("page", named("sales"))).body)).toContain("<h1>sales</h1>");
    const faulty = String((await show("page", named("sales"), ["DEPLOYMENTS[1] must be an object"])).body);
    expect(faulty).toContain("DEPLOYMENTS[1] must be an object");
    expect(faulty).not.toContain("<h1>sales</h1>");
  });

  it("of one is a look at that one, with its history where that is wished for", async () => {
    const all = named("sales", "stock");
    const [plain, whole] = [
      await shown("page?deployment=sales", all),
      await shown("page?deployment=sales&history=true", all),
    ];
    const about = { status: 200, title: "sales · OpenMetadata Entra", refresh: 30 };
    expect(plain).toMatchObject({ ...about, json: "status?deployment=sales" });
    expect(whole).toMatchObject({ ...about, json: "status?deployment=sales&history=true" });
    expect(scene.hows).toEqual([
      { history: false, among: ["sales", "stock"] },
      { history: true, among: ["sales", "stock"] },
    ]);
    await expect(show("page?deployment=none", all)).rejects.toMatchObject({ code: "deployment-unknown" });
  });

  it("of the only deployment leads nowhere else, and one among others to all of them", async () => {
    const alone = (await shown("page", named("sales"))).body;
    const among = (await shown("page?deployment=sales", named("sales", "stock"))).body;
    expect([alone, among].map((body) => /href="page"/.test(body))).toEqual([false, true]);
  });

  it.each(["page?verdict=healthy", "page?search=sal"])(
    "of the only one is the overview where somebody asks for %s",
    async (path) => {
      expect((await shown(path, named("sales"))).title).toBe("All deployments · OpenMetadata Entra");
    },
  );

  it("of all looks soon again while there are some that nobody has seen, and seldom then", async () => {
    const many = named(...Array.from({ length: 25 }, (_, index) => `soon-${index}`));
    const first = await shown("page", many);
    expect(first).toMatchObject({
      title: "All deployments · OpenMetadata Entra",
      refresh: 3,
      json: "status",
      status: 200,
    });
    expect(scene.looked).toHaveLength(20);
    expect(first.body).toContain("https://soon-24.example.com");
    expect((await shown("page", many)).refresh).toBe(30);
    expect(scene.looked).toHaveLength(25);
    scene.now = new Date(NOW.getTime() + 121_000);
    expect((await shown("page", many)).refresh).toBe(3);
  });

  it("says what is wrong with the app itself, whatever the deployments are", async () => {
    expect((await shown("page", named("north", "south"), ["DEPLOYMENTS[2] is faulty"])).body).toContain(
      "DEPLOYMENTS[2] is faulty",
    );
  });

  it("tells whoever has one deployment too that the timer has stopped", async () => {
    expect(String((await show("page", named("sales"))).body)).not.toContain("timer-silent");
    scene.silent = true;
    expect(String((await show("page", named("sales"))).body)).toContain("timer-silent");
  });

  it("leads to the JSON only whoever gets in there: a person's session does not open it", async () => {
    const body = String((await show("page?deployment=sales", named("sales"))).body);
    expect(body).toContain("GET /api/status?deployment=sales");
    expect(body).not.toContain('href="status');
  });

  it("looks anew at a deployment that was gone and has come back", async () => {
    await show("page", named("one", "two"));
    expect(scene.looked.toSorted()).toEqual(["one", "two"]);
    await show("page", named("one", "three"));
    scene.looked = [];
    await show("page", named("one", "two"));
    expect(scene.looked).toEqual(["two"]);
  });

  it("is kept by no cache, framed by no page, and runs nothing but its own script", () => {
    const headers = headersOf(page(200, ""));
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
    const policy = headers["content-security-policy"]?.split("; ");
    expect(policy?.filter((rule) => !/^(style|script)-src /.test(rule))).toEqual([
      "default-src 'none'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    for (const rule of policy?.filter((one) => /^(style|script)-src /.test(one)) ?? []) {
      expect(rule).toMatch(/^(style|script)-src 'sha256-[A-Za-z0-9+/]{43}='$/);
    }
  });
});

describe("the page of a refusal", () => {
  const refused = (path: string, code = "caller-unknown", signsIn = true) =>
    String(refusal(ask(path), { status: 401, jsonBody: { code, detail: "No token", hint: "Get one" } }, signsIn).body);

  it("leads back to what was asked for, without the function key", () => {
    const body = refused("page?deployment=sales&code=the-key");
    expect(body).not.toContain("the-key");
    expect(body).toContain(encodeURIComponent("/api/page?deployment=sales"));
  });

  it("says how to sign in where nobody does that for the app", () => {
    expect(refused("page", "caller-unknown", false)).toContain("Sign-in is not switched on");
    expect(refused("page", "caller-unknown", false)).not.toContain("/.auth/login");
    expect(refused("page?deployment=sales")).toContain(
      "<code>curl -H &quot;Authorization: Bearer $(az account get-access-token --scope &#39;api://api-1/.default&#39; --query accessToken --output tsv)&quot; -H &quot;Accept: text/html&quot; &#39;http://app.example/api/page?deployment=sales&#39;</code>",
    );
  });

  it("leads whoever lacks the role out of a session that would go on without it, and nobody else", () => {
    expect(refused("page", "caller-role-missing")).toContain('href="/.auth/logout"');
    expect(refused("page", "caller-role-missing", false)).not.toContain("/.auth/");
    for (const code of ["caller-unknown", "query-invalid"])
      expect(refused("page", code)).not.toContain("/.auth/logout");
  });

  it("has the status of the answer, and asks for a token where one is missing", () => {
    const answer = { status: 401, jsonBody: { code: "caller-unknown", detail: "", hint: "" } };
    const told = refusal(ask("page"), answer, true);
    expect(told.status).toBe(401);
    expect(headersOf(told)["www-authenticate"]).toBe("Bearer");
    expect(headersOf(page(200, ""))).not.toHaveProperty("www-authenticate");
  });

  it("names the address as people see it, behind the platform's TLS", () => {
    const answer = { status: 401, jsonBody: { code: "caller-unknown", detail: "", hint: "" } };
    const body = String(refusal(ask("page", { "x-forwarded-proto": "https" }), answer, true).body);
    expect(body).toContain("https://app.example/api/page");
  });
});
