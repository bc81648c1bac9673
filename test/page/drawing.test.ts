import { describe, expect, it } from "vitest";
import { html } from "../../shared/page/html.ts";
import { type Listed, stalest, worstFirst } from "../../shared/page/sighting.ts";
import { milestonesOfSecret } from "../../shared/page/steps.ts";
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
    expect(markup).toContain("only tells what would be done");
    expect(todo("Run this:\naz login", undefined).markup).not.toContain("only tells what would be done");
    expect(command("az login").markup).toBe('<pre class="command"><code>az login</code></pre>');
  });
});

describe("a call that is spelled out", () => {
  const bodies = (text: string) => {
    const { markup } = todo(text, { origin: "https://app", audience: undefined, deployment: "sales" });
    return [...markup.matchAll(/-d &#39;(.*?)&#39; https:\/\/app\/api\/(\w+)/g)].map(([, body = "", call]) => [
      call,
      JSON.parse(body.replaceAll("&quot;", '"')),
    ]);
  };

  it("sends what its sentence says, on the same line or below", () => {
    expect(bodies('Call POST /api/harden, with {"adminNotListed":true}')).toEqual([
      ["harden", { deployment: "sales", adminNotListed: true, dryRun: true }],
    ]);
    expect(bodies('After a leak, call POST /api/rotate with:\n{"because":"compromised","revokeOld":true}')).toEqual([
      ["rotate", { deployment: "sales", because: "compromised", revokeOld: true, dryRun: true }],
    ]);
  });

  it("sends nothing of what another one is to be sent, or of what is no JSON", () => {
    expect(bodies('Call POST /api/provision, then POST /api/rotate with {"revokeOld":true}')).toEqual([
      ["provision", { deployment: "sales", dryRun: true }],
      ["rotate", { deployment: "sales", revokeOld: true, dryRun: true }],
    ]);
    for (const said of ['{"x: it said so}', `{"x":"'; curl evil '"}`, '{"x":"$(id)"}', '{"deployment":"other"}']) {
      expect(bodies(`Call POST /api/provision ${said}`)).toEqual([
        ["provision", { deployment: "sales", dryRun: true }],
      ]);
    }
  });
});

describe("the milestones of a secret", () => {
  const retired = (changes: Parameters<typeof clientSecret>[0]) =>
    milestonesOfSecret(clientSecret(changes), NOW).find(({ name }) => name === "Previous one retired");

  it("promise no retirement of a predecessor that there never was", () => {
    const plan = { stageOn: day(49), dueOn: day(50), retireOn: day(5) };
    expect(retired({ plan })).toMatchObject({ on: undefined, note: "none is left" });
    expect(retired({ plan: { ...plan, retireOn: day(-3) } })).toMatchObject({ on: day(-3), note: "none is left" });
    const previous = { keyId: "previous", issuedOn: day(-71), expiresOn: day(19) };
    const inEntra = { managed: [...clientSecret().inEntra.managed, previous], foreign: 0 };
    expect(retired({ plan, inEntra })).toEqual({ name: "Previous one retired", expected: day(5) });
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
