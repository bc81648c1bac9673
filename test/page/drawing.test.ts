import { describe, expect, it } from "vitest";
import { html } from "../../shared/page/html.ts";
import { type Listed, stalest, worstFirst } from "../../shared/page/sighting.ts";
import { distance } from "../../shared/page/time.ts";
import { lifeOfSecret, timeline } from "../../shared/page/timeline.ts";
import { command, todo } from "../../shared/page/todo.ts";
import { clientSecret, current, day, hour, NOW } from "../status/facts.ts";
import { onePage, SCENES } from "./views.ts";

describe("markup", () => {
  it("escapes whatever is put into it, and keeps markup", () => {
    const hostile = `<b title="x">'&`;
    expect(html`<p title="${hostile}">${hostile}${html`<i>${1}</i>`}${[hostile, false, undefined]}</p>`.markup).toBe(
      '<p title="&lt;b title=&quot;x&quot;&gt;&#39;&amp;">&lt;b title=&quot;x&quot;&gt;&#39;&amp;<i>1</i>&lt;b title=&quot;x&quot;&gt;&#39;&amp;</p>',
    );
  });

  it("of a page holds nothing that a finding could have brought", () => {
    const page = onePage(SCENES["hostile names"]?.() as never);
    expect(page).not.toContain("<img");
    expect(page.match(/<script/g)).toHaveLength(1);
  });
});

describe("what to do", () => {
  it("tells commands from sentences, and spells out the call that is named", () => {
    const { markup } = todo("Run this, then call POST /api/provision:\naz login\nThen look", {
      origin: "https://app",
      audience: undefined,
      deployment: "sales",
    });
    const commands = [...markup.matchAll(/<code>(.*?)<\/code>/g)].map(([, text]) => text);
    expect(commands).toEqual([
      "az login",
      expect.stringContaining(
        "{&quot;deployment&quot;:&quot;sales&quot;,&quot;dryRun&quot;:true}&#39; https://app/api/provision",
      ),
    ]);
    expect(markup).toContain("<p>Then look</p>");
    expect(command("az login").markup).toBe('<pre class="command"><code>az login</code></pre>');
  });
});

describe("the timeline", () => {
  const drawn = (told: Parameters<typeof lifeOfSecret>[0]): string => {
    const life = lifeOfSecret(told, NOW);
    return life ? timeline(life, "told").markup : "";
  };
  const share = (markup: string, pattern: RegExp): number => Number(pattern.exec(markup)?.[1]);

  it("stands between what was first and what will be last", () => {
    const markup = drawn(clientSecret());
    // Issued 11 days ago, ends in 80, due in 50: of 91 days.
    expect(share(markup, /tick now"><line x1="([\d.]+)%/)).toBeCloseTo(1 + (98 * 11) / 91, 1);
    expect(share(markup, /tick due"><line x1="([\d.]+)%/)).toBeCloseTo(1 + (98 * 61) / 91, 1);
  });

  it("shows how long both sign in, while a predecessor is kept", () => {
    const previous = { keyId: "previous", issuedOn: day(-71), expiresOn: day(19) };
    const told = clientSecret({
      inEntra: { managed: [{ keyId: "current", issuedOn: day(-11), expiresOn: day(80) }, previous], foreign: 0 },
      plan: { stageOn: day(49), dueOn: day(50), retireOn: day(5) },
    });
    expect(drawn(told)).toContain("both sign in until 8 Mar 2031");
    expect(drawn(clientSecret())).not.toContain("both sign in");
  });

  it("of nothing is none", () => {
    expect(drawn(clientSecret({ current: undefined, inEntra: { managed: [], foreign: 0 } }))).toBe("");
    expect(drawn(clientSecret({ current: current({ expiresOn: NOW, issuedOn: NOW }) }))).toContain("<svg");
  });
});

describe("the list", () => {
  const seen = (deployment: string, verdict: "healthy" | "attention" | "failing", nextIn?: number): Listed => ({
    deployment,
    url: "",
    on: NOW,
    verdict,
    message: "",
    credentials: [],
    next: nextIn === undefined ? undefined : { kind: "issue", on: day(nextIn), target: "x" },
  });

  it("has the worst first, what nobody has seen before what is well, and of equals what comes first", () => {
    const listed = [
      seen("well", "healthy"),
      seen("well-soon", "healthy", 1),
      { deployment: "unseen", url: "" },
      seen("look", "attention", 9),
      seen("broken-b", "failing"),
      seen("broken-a", "failing"),
    ];
    expect(worstFirst(listed).map(({ deployment }) => deployment)).toEqual([
      "broken-a",
      "broken-b",
      "look",
      "unseen",
      "well-soon",
      "well",
    ]);
  });

  it("looks first at what nobody has seen, then at what was seen longest ago, and at nothing twice in a minute", () => {
    const deployments = ["fresh", "old", "older", "new"].map((name) => ({ name }));
    const known = new Map([
      ["fresh", { on: NOW }],
      ["old", { on: hour(-1) }],
      ["older", { on: hour(-2) }],
    ]);
    expect(stalest(deployments, known, NOW).map(({ name }) => name)).toEqual(["new", "older", "old"]);
  });
});

it.each([
  [0.2, "now"],
  [-60, "60 minutes ago"],
  [90, "in 90 minutes"],
  [26 * 60, "in 26 hours"],
  [-3 * 24 * 60, "3 days ago"],
])("%d minutes away is told as %s", (minutes, told) => {
  expect(distance(new Date(NOW.getTime() + minutes * 60_000), NOW)).toBe(told);
});
