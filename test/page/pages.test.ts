import { describe, expect, it } from "vitest";
import { SCRIPT } from "../../shared/page/script.ts";
import { STYLE } from "../../shared/page/style.ts";
import { botToken, clientSecret, current, day, NOW } from "../status/facts.ts";
import { fleet, onePage, overviewPage, REFUSALS, SCENES, status } from "./views.ts";

/** One element on a line, so that a change is seen where it is. */
const inLines = (page: string): string =>
  `${page.replace(STYLE, "").replace(SCRIPT, "").trim().replaceAll("><", ">\n<")}\n`;
/** What surrounds a page is shown once for those that are looked at, and once for refusals. */
const WHOLE = ["healthy", "sign in"];
const mainOf = (page: string): string => /<main[\s\S]*<\/main>/.exec(page)?.[0] ?? page;

/** Every page that there is: each change of markup and words is seen in review. Written anew with --update. */
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
  "one that bears several things": () =>
    onePage(
      status({
        registrations: {
          server: { found: false, hint: "Call POST /api/provision" },
          ingestion: status().registrations.ingestion,
        },
        identity: {
          objectId: "own",
          graphPermissions: {
            held: [],
            missing: (["Policy.Read.All", "Application.ReadWrite.OwnedBy"] as const).map((permission) => ({
              permission,
              neededFor: "something",
              command: `az grant ${permission}`,
            })),
          },
        },
        credentials: [
          { credential: "server-client-secret", secret: "x", unused: "People sign in without one" },
          botToken({ current: undefined, inOpenMetadata: "no token", plan: undefined, hint: "It never ends:\n{}" }),
          clientSecret({ current: current({ inEntra: false }), inEntra: { managed: [], foreign: 0 } }),
        ],
        drift: {
          findings: [
            { kind: "no-bot", severity: "critical", what: "There is no bot", do: "Call POST /api/provision" },
            { kind: "registration", severity: "notice", what: "It differs", do: "Call POST /api/provision" },
          ],
          unread: [{ what: "the server's own keys", error: "down", code: "openmetadata-unreachable" }],
        },
      }),
    ),
  "all deployments": () => overviewPage(fleet(30)),
  "the second page of those that are well": () => overviewPage(fleet(60), "verdict=healthy&page=2"),
  "one that nobody has looked at yet": () =>
    overviewPage([{ deployment: "unseen", url: "https://unseen.example.com" }]),
  "a search": () => overviewPage(fleet(30), "search=lake"),
  "a search that nothing fits": () => overviewPage(fleet(30), "search=nothing"),
  ...REFUSALS,
};

describe("the page of", () => {
  it.each(Object.keys(PAGES))("%s", async (name) => {
    const page = PAGES[name]?.() ?? "";
    const shown = inLines(WHOLE.includes(name) ? page : mainOf(page));
    await expect(shown).toMatchFileSnapshot(`pages/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.html.txt`);
  });
});
