import { describe, expect, it } from "vitest";
import { lately } from "../../shared/page/lately.ts";
import { overview } from "../../shared/page/overview.ts";
import { type Listed, stalest, worstFirst } from "../../shared/page/sighting.ts";
import { steps } from "../../shared/page/steps.ts";
import { dayOf, distance, minuteOf } from "../../shared/page/time.ts";
import { lifeOfSecret, timeline } from "../../shared/page/timeline.ts";
import { readWish, type Wish } from "../../shared/page/wish.ts";
import type { Condition, Verdict } from "../../shared/status/condition.ts";
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
