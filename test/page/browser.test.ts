import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { page as answer } from "../../shared/handlers/page-answer.ts";
import { botToken } from "../status/facts.ts";
import { executablePath, launch, openPage } from "./browser.ts";
import { fleet, onePage, overviewPage, REFUSALS, SCENES, silentPage, status } from "./views.ts";

/** Where `npm run pictures` wants them. */
const pictures = process.env.PICTURES;

const VIEWS: Record<string, () => string> = {
  ...Object.fromEntries(Object.entries(SCENES).map(([name, scene]) => [name, () => onePage(scene())])),
  "the timer has stopped": silentPage,
  "what others have written, without a blank": () => {
    const long = "https://tickets.example.com/".padEnd(200, "x");
    const about = { credential: "bot-token", secret: "x" } as const;
    const issued = { on: status().on, kind: "issued", keyId: "one", because: long, ...about } as const;
    const unread = { credential: "bot-token", error: long, code: "vault-unreachable" } as const;
    const drift = {
      findings: [{ kind: "default-admin", severity: "warning", what: "", do: "", accepted: long } as const],
      unread: [{ what: long, error: long, code: "openmetadata-unreachable" } as const],
    };
    return onePage({ ...status({ drift }), history: { events: [issued], unread: [unread] } });
  },
  "a token without an expiry": () =>
    onePage(status({ credentials: [botToken({ hint: 'It has no expiry:\n{"credential":"bot-token"}' })] })),
  overview: () => overviewPage(fleet(24)),
  "1,000 deployments": () => overviewPage(fleet(1_000)),
  "nothing fits": () => overviewPage(fleet(24), "search=nothing"),
  ...REFUSALS,
};

let browser: Browser;
let server: Server;
let origin = "";

/** Serves each view as the app would answer it, under its place in the list. */
async function serve(): Promise<void> {
  const list = Object.values(VIEWS);
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const query = url.searchParams.get("of") ?? "";
    const view = url.pathname === "/api/page" ? () => overviewPage(fleet(1_000), url.search) : list[Number(query)];
    const { body, headers } = answer(200, view?.() ?? "");
    response.writeHead(200, headers as Record<string, string>).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const addressOf = (name: string): string => `${origin}/view?of=${Object.keys(VIEWS).indexOf(name)}`;

async function open(name: string, options: BrowserContextOptions = {}) {
  const page = await openPage(browser, undefined, options);
  await page.goto(addressOf(name));
  return page;
}

const PHONE = { viewport: { width: 390, height: 844 } };

describe.skipIf(executablePath === undefined)("the page in a browser", () => {
  beforeAll(async () => {
    [browser] = await Promise.all([launch(), serve()]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it.each(Object.keys(VIEWS))(
    "%s: is accessible, in light and dark, wide and narrow, and asks nobody else",
    async (name) => {
      const page = await open(name);
      for (const [colorScheme, width] of [
        ["light", 1100],
        ["dark", 1100],
        ["dark", 360],
        ["light", 360],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        const violations = await page.evaluate(
          `${axe.source}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`,
        );
        expect(violations, `${colorScheme} ${width}`).toEqual([]);
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow, `${colorScheme} ${width}: wider than the window`).toBeLessThanOrEqual(0);
      }
      expect(page.asked).toEqual([addressOf(name)]);
      expect(page.complaints).toEqual([]);
      await page.context().close();
    },
  );

  it("says the same without a script, and offers no button that would do nothing", async () => {
    const [scripted, plain] = [await open("rotating"), await open("rotating", { javaScriptEnabled: false })];
    const words = async (page: typeof plain) => (await page.locator("main").innerText()).replaceAll(/\s*\bCopy\b/g, "");
    expect(await words(plain)).toBe(await words(scripted));
    expect(await plain.locator("button").count()).toBe(0);
    await Promise.all([scripted, plain].map((page) => page.context().close()));
  });

  it("is walked through by keyboard alone", async () => {
    const page = await open("overview");
    const reached: string[] = [];
    for (let pressed = 0; pressed < 9; pressed += 1) {
      await page.keyboard.press("Tab");
      reached.push((await page.evaluate("document.activeElement.innerText || document.activeElement.name")) as string);
    }
    expect(reached[0]).toBe("To the content");
    expect(reached.slice(1, 7).map((text) => text.replace(/\s+/g, " ").trim())).toEqual([
      "Look again",
      "All 24",
      "Failing 1",
      "Attention 1",
      "Healthy 22",
      "search",
    ]);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    await page.context().close();
  });

  it("copies a command", async () => {
    const page = await open("open to misuse", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copy" }).first().click();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    expect(copied).toMatch(/^curl -H "Authorization: Bearer .* -X POST .*"dryRun":true.*\/api\/harden$/);
    expect(await page.getByRole("status").innerText()).toBe("Copied");
    await page.context().close();
  });

  it("finds, filters and turns pages among 1,000 deployments, the worst first", async () => {
    const page = await openPage(browser, undefined);
    await page.goto(`${origin}/api/page`);
    const rows = page.locator(".row");
    expect(await rows.count()).toBe(25);
    expect(await rows.first().getAttribute("class")).toContain("failing");
    await page.getByRole("link", { name: "Next" }).click();
    expect(await page.locator(".pager").innerText()).toContain("Page 2 of 40");
    await page.getByRole("link", { name: /^Healthy/ }).click();
    expect(await rows.first().getAttribute("class")).toContain("healthy");
    await page.getByRole("searchbox").fill("sales-atlas");
    await page.keyboard.press("Enter");
    await page.waitForURL(/search=sales-atlas/);
    for (const text of await rows.locator(".who a").allInnerTexts()) expect(text).toContain("sales-atlas");
    expect(new URL(page.url()).searchParams.get("verdict")).toBe("healthy");
    await page.context().close();
  });

  it.each([
    ["a command that was copied", "open to misuse", "pre + .copy"],
    ["what was opened", "a token without an expiry", "#bot-token-hint summary"],
    ["a link", "healthy", ".hero a"],
  ])("looks again under whoever rests on %s, and takes neither that nor the place away", async (_, view, at) => {
    const page = await openPage(browser, undefined, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.clock.install();
    await page.goto(addressOf(view));
    const place = page.locator(at).first();
    // A link would lead away.
    await (at.endsWith(" a") ? place.focus() : place.click());
    await page.evaluate('document.activeElement.dataset.old = ""');
    await page.clock.runFor(31_000);
    await page.locator("[data-old]").waitFor({ state: "detached" });
    expect(await page.evaluate(`document.activeElement === document.querySelector("${at}")`)).toBe(true);
    expect(await page.locator("details[open]").count()).toBe(at.startsWith("#") ? 1 : 0);
    await page.context().close();
  });

  it("keeps the function key, with which somebody has come, in its links, and out of what it shows", async () => {
    const page = await openPage(browser, undefined);
    await page.goto(`${origin}/api/page?code=canary-key`);
    await page.getByRole("link", { name: /^Failing/ }).click();
    expect(new URL(page.url()).searchParams.get("code")).toBe("canary-key");
    expect(await page.locator("body").innerText()).not.toContain("canary-key");
    await page.context().close();
  });

  it.each([
    ["nobody is signed in any more", { status: 401 }, "you are no longer signed in"],
    ["the app fails", { status: 503 }, "the app answered 503"],
    ["the app does not answer", undefined, "the app was not reached since"],
  ])("keeps what it shows and says why it cannot look again where %s", async (_, response, said) => {
    const page = await openPage(browser, undefined);
    await page.clock.install();
    await page.goto(addressOf("healthy"));
    await page.route("**/*", (route) => (response ? route.fulfill(response) : route.abort()));
    for (let looks = 0; looks < 2; looks += 1) await page.clock.runFor(31_000);
    await page.getByText(said).waitFor();
    expect(await page.locator("#looked").innerText()).toBe(`Looked at 3 Mar 2031, 12:00 UTC; ${said}`);
    expect(await page.locator("h1").innerText()).toBe("catalogue");
    await page.context().close();
  });

  it.runIf(pictures)("has its pictures taken", async () => {
    mkdirSync(pictures ?? "", { recursive: true });
    const taken: [file: string, view: string, options: BrowserContextOptions][] = [
      ["overview", "overview", { viewport: { width: 1100, height: 760 } }],
      ["deployment", "rotating", { viewport: { width: 1100, height: 1000 } }],
      ["deployment-dark", "rotating", { viewport: { width: 1100, height: 1000 }, colorScheme: "dark" }],
      ["trouble", "open to misuse", { viewport: { width: 1100, height: 900 } }],
      ["phone", "next one proven", { ...PHONE, deviceScaleFactor: 2 }],
    ];
    for (const [file, view, options] of taken) {
      const page = await open(view, options);
      await page.screenshot({ path: join(pictures ?? "", `${file}.png`) });
      await page.context().close();
    }
  });
});
