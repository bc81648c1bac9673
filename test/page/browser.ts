import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Debian's, or whichever CHROMIUM names. */
const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Where a browser is; undefined where there is none, and a message says so. */
export const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
if (executablePath === undefined) {
  process.stderr.write("No browser: the tests of the page are skipped. apt-get install chromium, or set CHROMIUM\n");
}

/** A browser without a window. */
export function launch(): Promise<Browser> {
  // Containers seldom let it build a sandbox of its own; it opens nothing but our own page.
  const args = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"];
  return chromium.launch({ ...(executablePath ? { executablePath } : {}), args });
}

/** A page as somebody who holds a token opens it. */
export async function openPage(
  browser: Browser,
  token: string | undefined,
  options: BrowserContextOptions = {},
): Promise<Page & { asked: string[]; complaints: string[] }> {
  const headers = token === undefined ? {} : { extraHTTPHeaders: { authorization: `Bearer ${token}` } };
  const context = await browser.newContext({ ...headers, locale: "en-GB", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  return Object.assign(page, { asked, complaints });
}
