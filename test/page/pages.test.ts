import { describe, expect, it } from "vitest";
import { SCRIPT } from "../../shared/page/script.ts";
import { STYLE } from "../../shared/page/style.ts";
import { day, NOW } from "../status/facts.ts";
import { fleet, onePage, overviewPage, REFUSALS, SCENES, status } from "./views.ts";

/** One element on a line, without what all pages share, so that a change is seen where it is. */
const inLines = (page: string): string =>
  `${page.replace(STYLE, "").replace(SCRIPT, "").trim().replaceAll("><", ">\n<")}\n`;

/** Every page that there is, whole: each change of markup and words is seen in review. Written anew with --update. */
const PAGES: Record<string, () => string> = {
  ...Object.fromEntries(Object.entries(SCENES).map(([name, scene]) => [name, () => onePage(scene())])),
  "all of its history": () =>
    onePage({
      ...status(),
      history: {
        events: [
          { on: day(-10), kind: "delivered", credential: "bot-token", secret: "x", keyId: "one", delivery: "assumed" },
          { on: day(-11), kind: "issued", credential: "bot-token", secret: "x", keyId: "one", because: "leaver" },
          { on: NOW, kind: "retired", credential: "bot-token", secret: "x", keyId: "one", exact: false },
        ],
        unread: [{ credential: "bot-token", error: "Cannot read the vault", code: "vault-unreachable" }],
      },
    }),
  "all deployments": () => overviewPage(fleet(30)),
  "the second page of those that are well": () => overviewPage(fleet(60), "verdict=healthy&page=2"),
  "a search": () => overviewPage(fleet(30), "search=lake"),
  "a search that nothing fits": () => overviewPage(fleet(30), "search=nothing"),
  ...REFUSALS,
};

describe("the page of", () => {
  it.each(Object.keys(PAGES))("%s", async (name) => {
    const page = inLines(PAGES[name]?.() ?? "");
    await expect(page).toMatchFileSnapshot(`pages/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.html.txt`);
  });
});
