import { it, expect } from "vitest";
import { openApp, DAY, HOUR } from "../app/app.ts";
import { launch, openPage } from "./browser.ts";
const app = openApp({ settings: {} });
it("shots", async () => {
  const browser = await launch();
  const token = await app().cloud.callerToken(["Automation.Run"]);
  const shot = async (name: string, options = {}, path = "page") => {
    const t = await app().cloud.callerToken(["Automation.Run"]);
    const page = await openPage(browser, t, options);
    const r = await page.goto(`${app().host.url}/api/${path}`);
    console.log(name, r?.status(), page.complaints);
    await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true });
    await page.context().close();
  };
  await shot("fresh");
  await app().settle();
  await app().clock.advance(2 * HOUR);
  await shot("settled");
  await app().clock.advance(59 * DAY + 2 * HOUR);
  await shot("staged");
  await app().clock.advance(2 * DAY);
  await shot("overlap");
  await shot("overlap-dark", { colorScheme: "dark" });
  await shot("overlap-phone", { viewport: { width: 390, height: 800 } });
  await browser.close();
}, 300000);
