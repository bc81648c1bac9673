import { describe, expect, it } from "vitest";
import { curl } from "../../shared/page/curl.ts";
import { lately } from "../../shared/page/lately.ts";
import { overview } from "../../shared/page/overview.ts";
import { type Listed, sightingOf, stalest, worstFirst } from "../../shared/page/sighting.ts";
import { steps } from "../../shared/page/steps.ts";
import { dayOf, distance, minuteOf } from "../../shared/page/time.ts";
import { lifeOfSecret, timeline } from "../../shared/page/timeline.ts";
import { queryOf, readWish, type Wish } from "../../shared/page/wish.ts";
import { comes } from "../../shared/page/words.ts";
import { PROBLEMS } from "../../shared/problems/problems.ts";
import type { Condition, Verdict } from "../../shared/status/condition.ts";
import type { Coming } from "../../shared/status/due.ts";
import { HAPPENED } from "../../shared/status/history.ts";
import { refusalOf } from "../refusal.ts";
import { clientSecret, current, day, hour, NOW } from "../status/facts.ts";
import { onePage, status } from "./views.ts";

const seen = (deployment: string, verdict: Verdict = "healthy", more: object = {}): Listed => ({
  deployment,
  url: `https://${deployment.toLowerCase()}.example.com`,
  on: NOW,
  verdict,
  message: "",
  credentials: [],
  next: undefined,
  ...more,
});
const unseen = (deployment: string): Listed => ({ deployment, url: `https://${deployment}.example.com` });
const all: Extract<Wish, { kind: "overview" }> = { kind: "overview", verdict: undefined, search: "", page: 1 };
const shown = (listed: Listed[], wish: Partial<typeof all> = {}, app: Condition[] = []) =>
  overview({ listed, app, wish: { ...all, ...wish }, now: NOW }).markup;
const names = (markup: string) => [...markup.matchAll(/class="who"><a [^>]*>([^<]*)</g)].map(([, name]) => name);

describe("the list", () => {
  it("has 25 on a page, each deployment on one of them", () => {
    const many = Array.from({ length: 60 }, (_, index) => seen(`d${String(index).padStart(2, "0")}`));
    const pages = [1, 2, 3].map((page) => names(shown(many, { page })));
    expect(pages.map(({ length }) => length)).toEqual([25, 25, 10]);
    expect(pages.flat()).toEqual(many.map(({ deployment }) => deployment));
    expect(names(shown(many, { page: 9 }))).toEqual(pages[2]);
  });

  it("finds a name or an address, however it is written", () => {
    const two = [seen("sales"), seen("finance")];
    expect(names(shown(two, { search: "SALES" }))).toEqual(["sales"]);
    expect(names(shown(two, { search: "Finance.Example" }))).toEqual(["finance"]);
    expect(names(shown(two, { search: " sales " }))).toEqual(["sales"]);
    expect(shown(two, { search: "none" })).toContain("Nothing fits");
  });

  it("shows what is amiss with the app itself, and nothing of what is well", () => {
    const condition = (verdict: Verdict, message: string) =>
      ({ type: "TimerRuns", status: "False", verdict, reason: "timer-silent", message }) as const;
    const markup = shown([seen("sales")], {}, [condition("attention", "It stopped"), condition("healthy", "It runs")]);
    expect(markup).toContain("It stopped");
    expect(markup).not.toContain("It runs");
    expect(markup).toContain("The app needs a look");
  });

  it("stands with the failing first, then what to look at, what nobody has seen yet, and what is well", () => {
    const mixed = [seen("well"), unseen("unseen"), seen("look", "attention"), seen("fails", "failing")];
    expect(worstFirst(mixed).map(({ deployment }) => deployment)).toEqual(["fails", "look", "unseen", "well"]);
  });

  it("looks at the stalest first, and at twenty with one request at most", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ name: `d${index}` }));
    const known = new Map(many.map(({ name }, index) => [name, { on: hour(-1 - index) }]));
    const picked = stalest(many, known, NOW).map(({ name }) => name);
    expect(picked).toEqual(Array.from({ length: 20 }, (_, index) => `d${49 - index}`));
    expect(stalest(many, new Map(many.map(({ name }) => [name, { on: NOW }])), NOW)).toEqual([]);
  });
});

describe("a wish for the page", () => {
  const wish = (query: string) => readWish(new URLSearchParams(query));

  it("has a page from 1 to 9999", () => {
    expect(wish("page=9999")).toMatchObject({ page: 9999 });
    for (const page of ["0", "-1", "01", "10000", "x"]) expect(() => wish(`page=${page}`)).toThrow("is no page");
  });

  it("has a search of 100 characters at most, and a verdict that there is", () => {
    expect(wish(`search=${"s".repeat(500)}`)).toMatchObject({ search: "s".repeat(100) });
    expect(() => wish("verdict=fine")).toThrow("is no verdict");
  });

  it("has nothing that would have no effect", () => {
    for (const idle of ["verdict=failing", "search=sales", "page=2"])
      expect(() => wish(`deployment=sales&${idle}`)).toThrow("has no effect on one deployment");
    expect(() => wish("history=true")).toThrow("has no effect without a deployment");
    expect(wish("deployment=sales&search=&verdict=")).toMatchObject({ kind: "one" });
  });
});

describe("a moment", () => {
  it("is told as far away, and on which side", () => {
    expect([distance(hour(-3), NOW), distance(hour(3), NOW), distance(NOW, NOW)]).toEqual([
      "3 hours ago",
      "in 3 hours",
      "now",
    ]);
  });

  it("has the month of the calendar, in UTC", () => {
    expect(dayOf(new Date("2031-01-31T23:59:59Z"))).toBe("31 Jan 2031");
    expect(dayOf(new Date("2031-12-01T00:00:00Z"))).toBe("1 Dec 2031");
    expect(minuteOf(NOW)).toBe("3 Mar 2031, 12:00 UTC");
  });
});

describe("what happened lately", () => {
  const told = (secret = clientSecret()) => lately({ ...status({ credentials: [secret] }), on: NOW });

  it("is told with the newest first, and nothing that is to come", () => {
    const future = clientSecret({ current: current({ confirmedOn: hour(1) }) });
    const events = told(future);
    expect(events.map(({ what }) => what)).not.toContain("Delivery confirmed");
    expect(events.map(({ on }) => on)).toEqual(events.map(({ on }) => on).toSorted((a, b) => +b - +a));
    expect(events[0]?.what).toBe("Delivered, verified");
    expect(told()[0]?.what).toBe("Delivery confirmed");
  });
});

describe("the way of a credential", () => {
  it("has behind it only what was reached", () => {
    const { markup } = steps(
      [{ name: "Issued", on: hour(-1) }, { name: "Delivered", on: hour(1) }, { name: "Confirmed" }],
      NOW,
    );
    expect([...markup.matchAll(/<li class="(\w+)">/g)].map(([, state]) => state)).toEqual(["done", "coming", "open"]);
  });

  it("is drawn lighter from the moment at which it was retired", () => {
    const previous = { keyId: "previous", issuedOn: day(-71), expiresOn: day(19) };
    const own = { keyId: "current", issuedOn: day(-11), expiresOn: day(80) };
    const draw = (retireOn: Date) => {
      const plan = { stageOn: day(49), dueOn: day(50), retireOn };
      const life = lifeOfSecret(clientSecret({ inEntra: { managed: [previous, own], foreign: 0 }, plan }), NOW);
      return life ? timeline(life, "told").markup : "";
    };
    expect(draw(day(-3)).match(/class="gone"/g)).toHaveLength(1);
    expect(draw(day(30))).not.toContain('class="gone"');
  });
});

describe("a deployment", () => {
  it("shows its accepted findings apart, with the reason", () => {
    const accepted = {
      kind: "quickstart-key",
      severity: "warning",
      what: "Published key",
      do: "",
      accepted: "a test server",
    } as const;
    const page = onePage(status({ drift: { findings: [accepted], unread: [] } }));
    expect(page).toContain("1 accepted finding");
    expect(page).toContain("a test server");
  });

  it("shows what needs a look of each credential, not only what fails", () => {
    const waiting = clientSecret({ current: undefined });
    expect(onePage(status({ credentials: [waiting] }))).toContain("<code>none-stored</code>");
  });
});

describe("the head of the list", () => {
  const condition = (verdict: Verdict): Condition => ({
    type: "TimerRuns",
    status: "False",
    verdict,
    reason: "timer-silent",
    message: "It stopped",
  });
  const many = (size: number, verdict: Verdict) =>
    Array.from({ length: size }, (_, index) => seen(`d${index}`, verdict));

  it.each<[what: string, Listed[], Condition[], verdict: Verdict, words: string, below: string]>([
    ["all is well", [seen("a")], [], "healthy", "All is well", "1 deployment of OpenMetadata."],
    ["nobody has seen some", [seen("a"), unseen("b")], [], "healthy", "Healthy so far", "1 looked at so far."],
    ["one needs a look", [seen("a", "attention")], [], "attention", "1 deployment to look at", "1 deployment"],
    ["two need a look", many(2, "attention"), [], "attention", "2 deployments to look at", "2 deployments"],
    ["very many fail", many(1_000, "failing"), [], "failing", "1,000 failing", "1,000 deployments"],
    [
      "some fail and others need a look",
      [seen("a", "failing"), seen("b", "attention")],
      [condition("failing")],
      "failing",
      "1 failing, 1 to look at",
      "2 deployments",
    ],
    ["the app itself fails", [seen("a")], [condition("failing")], "failing", "The app needs a look", "1 deployment"],
    [
      "the app itself fails, and a deployment needs a look",
      [seen("a", "attention")],
      [condition("failing")],
      "failing",
      "1 deployment to look at",
      "1 deployment",
    ],
    ["the app itself is well", [seen("a")], [condition("healthy")], "healthy", "All is well", "1 deployment"],
  ])("says how it stands where %s", (_, listed, app, verdict, words, below) => {
    const [hero = ""] = shown(listed, {}, app).split('<div class="tools">');
    expect(hero).toContain(`<div class="hero ${verdict}">`);
    expect(hero).toContain(`<h1>${words}</h1>`);
    expect(hero).toContain(below);
  });

  it("leads to the page before and behind, and keeps what was wished for", () => {
    const markup = shown(many(60, "failing"), { page: 2, verdict: "failing", search: "d" });
    const links = [...markup.matchAll(/<a href="([^"]*)" rel="(\w+)">(\w+)/g)].map(([, ...link]) => link.join(" "));
    expect(links).toEqual([
      "page?verdict=failing&amp;search=d prev Previous",
      "page?verdict=failing&amp;search=d&amp;page=3 next Next",
    ]);
    expect(markup).toContain("Page 2 of 3");
    expect(shown(many(60, "failing"), { page: 3 })).toContain('<span class="quiet">Next</span>');
    expect(shown(many(25, "failing"))).not.toContain('class="pager"');
    expect(shown(many(25, "failing"), { verdict: "failing" })).toContain(
      'type="hidden" name="verdict" value="failing"',
    );
  });

  it("shows of a deployment the first sentence of what is amiss, or what comes next", () => {
    const amiss = seen("a", "failing", { message: "It is late. Look at it\nnow" });
    expect(shown([amiss])).toContain('<p class="why">It is late.</p>');
    const next = { kind: "issue", on: hour(3), target: "x" };
    expect(shown([seen("a", "healthy", { next })])).toMatch(/The next one is issued <time [^>]*>in 3 hours</);
    expect(shown([seen("a")])).toContain("Nothing is scheduled");
  });
});

describe("a look that is kept for the list", () => {
  it("has what comes first, and the verdict of each credential that is used", () => {
    const later: Coming[] = [
      { kind: "retire", on: hour(9), target: "x" },
      { kind: "issue", on: hour(3), target: "x" },
    ];
    const unused = { credential: "bot-token", secret: "x", unused: "it signs in by SSO" } as const;
    expect(sightingOf(status({ credentials: [clientSecret({ later }), unused] }))).toEqual({
      deployment: "catalogue",
      url: "https://catalogue.example.com",
      on: NOW,
      verdict: "healthy",
      message: "Everything works, or merely waits its time",
      credentials: [{ credential: "ingestion-client-secret", verdict: "healthy" }],
      next: later[1],
    });
    expect(sightingOf(status({ credentials: [unused] })).next).toBeUndefined();
  });
});

describe("the address of a wish", () => {
  it.each<[Parameters<typeof queryOf>[0], string]>([
    [{}, "page"],
    [{ page: 1, search: "" }, "page"],
    [{ page: 2 }, "page?page=2"],
    [{ verdict: "failing", search: "a b", page: 3 }, "page?verdict=failing&search=a+b&page=3"],
    [{ deployment: "a&b" }, "page?deployment=a%26b"],
    [{ deployment: "a", history: true }, "page?deployment=a&history=true"],
  ])("%j is %s, and is read as it was", (wish, address) => {
    expect(queryOf(wish)).toBe(address);
    expect(readWish(new URLSearchParams(address.slice("page".length)))).toMatchObject(
      "deployment" in wish
        ? { kind: "one", history: false, ...wish }
        : { kind: "overview", page: 1, search: "", ...wish },
    );
  });

  it("is refused where it makes no sense, with what would", () => {
    const refusal = (query: string) => refusalOf(() => readWish(new URLSearchParams(query)));
    expect(refusal("verdict=fine")).toMatchObject({
      code: "query-invalid",
      message: 'Cannot read the query: "fine" is no verdict',
      hint: 'Send "verdict" with one of healthy, attention, failing',
    });
    expect(refusal("page=0")).toMatchObject({
      message: 'Cannot read the query: "0" is no page',
      hint: 'Send "page" with a number from 1 to 9999',
    });
    expect(refusal("page=1x")).toMatchObject({ code: "query-invalid" });
    const blank = new URLSearchParams("verdict=healthy&page=&search=");
    expect(readWish(blank)).toMatchObject({ verdict: "healthy", page: 1, search: "" });
  });
});

describe("the words of the page", () => {
  it.each([
    [{ kind: "issue" }, "The next one is issued"],
    [{ kind: "prove" }, "The next one is proven"],
    [{ kind: "promote" }, "The next one becomes current"],
    [{ kind: "push" }, "It is delivered"],
    [{ kind: "push", waits: "readers-pending" }, "Readers of the vault have had time; delivery is then assumed"],
    [{ kind: "confirm" }, "Its delivery is confirmed"],
    [{ kind: "check" }, "It is signed in with, to see whether it works"],
    [{ kind: "retire" }, "The previous one is retired"],
    [{ kind: "unheard-of" }, "unheard-of"],
    [
      { kind: "issue", waits: "pipelines-running" },
      `The next one is issued, at the latest (${PROBLEMS["pipelines-running"].title})`,
    ],
  ] as const)("tell of %j as: %s", (step, words) => {
    expect(comes(step)).toBe(words);
  });

  it("tell what happened, how that is known, and who asked", () => {
    const about = { credential: "server-client-secret", secret: "x", keyId: "one" } as const;
    const events = HAPPENED.map((kind) => ({ on: NOW, kind, ...about }));
    const history = {
      events: [
        ...events,
        { on: NOW, kind: "delivered" as const, ...about, delivery: "assumed" as const },
        { on: NOW, kind: "issued" as const, ...about, because: "leaver" },
        { on: NOW, kind: "retired" as const, ...about, exact: false as const },
      ],
      unread: [],
    };
    expect(lately({ ...status(), history }).map(({ what, of }) => `${of}: ${what}`)).toEqual(
      [
        "Issued",
        "Proven: it signed in several times in a row",
        "Became current",
        "Stored by somebody else",
        "Delivered, verified",
        "Delivery confirmed",
        "Signed in with, to see whether it works",
        "Refused by Entra",
        "Retired",
        "Assumed delivered, not verified",
        "Issued, because somebody asked: leaver",
        "Retired, then or later",
      ].map((what) => `Server client secret: ${what}`),
    );
  });

  it("tell what happened lately of what is current and what is staged, at most twelve of them", () => {
    const dated = {
      issuedOn: day(-5),
      provenOn: day(-4),
      storedOn: day(-3),
      deliveredOn: day(-2),
      confirmedOn: day(-1),
    };
    const staged = { ...current({ keyId: "next", issuedOn: hour(-2), provenOn: hour(-1) }), stage: "proven" as const };
    const one = clientSecret({ current: current({ ...dated, checkedOn: hour(-3), refusedOn: hour(-4) }), staged });
    const told = (...credentials: (typeof one)[]) => lately(status({ credentials })).map(({ what }) => what);
    expect(told(one)).toEqual([
      "Next one proven",
      "Next one issued",
      "Signed in with, to see whether it works",
      "Refused by Entra",
      "Delivery confirmed",
      "Delivered, verified",
      "Became current",
      "Proven: it signed in several times in a row",
      "Issued",
    ]);
    expect(told(one, one)).toHaveLength(12);
    expect(told(clientSecret({ current: undefined }))).toEqual([]);
    const atOnce = clientSecret({ current: current({ ...dated, storedOn: day(-2), deliveredOn: day(-2) }) });
    expect(told(atOnce).slice(1, 3)).toEqual(["Delivered, verified", "Became current"]);
  });
});

describe("a line that calls this app", () => {
  it("brings a token for whoever is signed in to az, or asks for the key where keys guard", () => {
    expect(curl({ origin: "https://app", audience: "client" })).toBe(
      "curl -H \"Authorization: Bearer $(az account get-access-token --scope 'api://client/.default' --query accessToken --output tsv)\"",
    );
    expect(curl({ origin: "https://app", audience: undefined })).toBe(
      'read -rs KEY && curl -H "x-functions-key: $KEY"',
    );
  });
});
