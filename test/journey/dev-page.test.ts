import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DevPage, openDevPage } from "../../journey/dev-page.ts";
import { moveClock } from "../../journey/move-clock.ts";
import { HOUR, openApp } from "../app/app.ts";

const app = openApp();
let page: DevPage;

beforeAll(async () => {
  const tell = { line() {}, progress() {}, text() {} };
  const { cloud, clock } = app();
  page = await openDevPage({
    port: 0,
    appUrl: () => app().host.url,
    cloud,
    clock,
    move: (line) => moveClock(line, clock, tell),
  });
});
afterAll(() => page?.close());

async function press(name: string, headers: Record<string, string> = { origin: page.url }) {
  return fetch(`${page.url}/do/${encodeURIComponent(name)}`, { method: "POST", headers, redirect: "manual" });
}

async function shown(path = "/api/page"): Promise<string> {
  const answer = await fetch(`${page.url}${path}`);
  expect(answer.status).toBe(200);
  return answer.text();
}

describe("the page of npm run dev", () => {
  it("shows the app's page as a person sees it who is signed in, beside its buttons", async () => {
    expect(await shown("/")).toContain('<iframe src="/api/page"');
    expect(await shown()).toContain("Not set up yet");
    const { headers } = await fetch(`${page.url}/api/page`);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'self'");
  });

  it("sets everything up, and moves the clock", async () => {
    expect((await press("set-up")).status).toBe(303);
    expect(await shown("/")).not.toContain('role="alert"');
    expect(await shown()).toContain("Verified: its consumer was seen to have it");
    const before = app().clock.now().getTime();
    await press("move+1h");
    expect(app().clock.now().getTime() - before).toBe(HOUR);
  });

  it("breaks things and mends them, and the page tells", async () => {
    await press("outage-openmetadata");
    expect(await shown("/")).toContain('aria-pressed="true">OpenMetadata is down');
    expect(await shown()).toContain("openmetadata-unreachable");
    await press("outage-openmetadata");
    expect(await shown()).not.toContain("openmetadata-unreachable");
    await press("disable-in-vault");
    expect(await shown()).toContain("Somebody disabled the current version");
    await press("vault-rights");
    expect(await shown()).toContain("vault-forbidden");
    await press("vault-rights");
  });

  it("obeys nobody but itself", async () => {
    const before = app().clock.now().getTime();
    expect((await press("move+1h", { origin: "https://evil.example.com" })).status).toBe(403);
    expect((await press("move+1h", {})).status).toBe(403);
    expect(app().clock.now().getTime()).toBe(before);
  });
});
