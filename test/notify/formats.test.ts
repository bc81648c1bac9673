import { describe, expect, it } from "vitest";
import { bodyOf } from "../../shared/notify/body.ts";
import { cut } from "../../shared/notify/cut.ts";
import type { Notice } from "../../shared/notify/notice.ts";

const whole: Notice = {
  id: "blue/bot-token/stalled/disabled",
  kind: "stalled",
  on: "2031-03-03T12:00:00.000Z",
  deployment: "blue",
  credential: "bot-token",
  secret: "blue-bot-token",
  title: 'Needs attention: bot-token of "blue"',
  message: "Somebody <disabled> it",
  reason: "disabled",
  hint: "Enable it & call again",
  page: "https://app/api/page",
};
/** With what it cannot be without. */
const bare: Notice = { id: "x", kind: "test", on: whole.on, title: "Test", message: "Nothing has happened" };
const sent = (notice: Notice, format: Parameters<typeof bodyOf>[1]) => JSON.parse(bodyOf(notice, format).body);
const cardOf = (notice: Notice) => sent(notice, "teams").attachments[0].content;

describe("a notice for Teams", () => {
  const heading = { type: "TextBlock", weight: "bolder", wrap: true };
  const plain = (text: string) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", text }] });

  it("is an Adaptive Card that holds all that it tells, as plain text", () => {
    expect(bodyOf(whole, "teams").contentType).toBe("application/json");
    expect(sent(whole, "teams")).toEqual({
      type: "message",
      attachments: [
        { contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content: expect.anything() },
      ],
    });
    expect(cardOf(whole)).toEqual({
      $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
      type: "AdaptiveCard",
      version: "1.4",
      body: [
        { ...heading, text: whole.title, size: "medium", color: "attention" },
        plain("Somebody <disabled> it"),
        { ...heading, text: "What to do" },
        plain("Enable it & call again"),
        {
          type: "FactSet",
          facts: [
            { title: "Vault secret", value: "blue-bot-token" },
            { title: "Reason", value: "disabled" },
            { title: "On", value: whole.on },
          ],
        },
      ],
      actions: [{ type: "Action.OpenUrl", title: "Open the page", url: "https://app/api/page" }],
    });
  });

  it("has no place for what it does not tell", () => {
    expect(cardOf(bare).body).toEqual([
      { ...heading, text: "Test", size: "medium", color: "accent" },
      plain("Nothing has happened"),
      { type: "FactSet", facts: [{ title: "On", value: whole.on }] },
    ]);
    expect(cardOf(bare)).not.toHaveProperty("actions");
  });

  it.each([
    ["delivered", "good"],
    ["assumed-delivered", "good"],
    ["recovered", "good"],
    ["leak-answered", "good"],
    ["stalled", "attention"],
    ["expiring", "warning"],
    ["test", "accent"],
  ] as const)("of %s has the color %s", (kind, color) => {
    expect(cardOf({ ...bare, kind }).body[0].color).toBe(color);
  });

  it("stays under the 28 KB that Teams takes, whatever JSON makes of its texts", () => {
    const long = { ...whole, message: "\u0001".repeat(4_000), hint: '"'.repeat(4_000) };
    expect(Buffer.byteLength(bodyOf(long, "teams").body)).toBeLessThan(28_000);
  });
});

describe("a notice for Slack", () => {
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });
  const header = (text: string) => ({ type: "header", text: { type: "plain_text", text, emoji: false } });

  it("holds all that it tells, and nothing that Slack would read as a link or a mention", () => {
    expect(bodyOf(whole, "slack").contentType).toBe("application/json");
    expect(sent(whole, "slack")).toEqual({
      text: `${whole.title}. Somebody &lt;disabled&gt; it`,
      blocks: [
        header(whole.title),
        section("Somebody &lt;disabled&gt; it"),
        section("What to do: Enable it &amp; call again"),
        {
          type: "context",
          elements: [{ type: "plain_text", text: "Reason: disabled · Vault secret: blue-bot-token", emoji: false }],
        },
        {
          type: "actions",
          elements: [
            { type: "button", text: { type: "plain_text", text: "Open the page" }, url: "https://app/api/page" },
          ],
        },
      ],
    });
  });

  it("has no place for what it does not tell", () => {
    expect(sent(bare, "slack").blocks).toEqual([header("Test"), section("Nothing has happened")]);
    expect(sent({ ...bare, secret: "one" }, "slack").blocks[2].elements[0].text).toBe("Vault secret: one");
  });

  it.each([
    ["as it is where it fits", "x".repeat(3_000), "x".repeat(3_000)],
    ["cut where it does not", "x".repeat(3_001), `${"x".repeat(599)}…`],
    ["cut where only what Slack is sent does not", "&".repeat(601), `${"&amp;".repeat(599)}…`],
  ])("shows a text %s", (_, message, shown) => {
    expect(sent({ ...bare, message }, "slack").blocks[1].text.text).toBe(shown);
  });

  it("has the longest header and context that Slack takes", () => {
    const { blocks } = sent({ ...bare, title: "t".repeat(200), reason: "r".repeat(400) }, "slack");
    expect(blocks[0].text.text).toHaveLength(150);
    expect(blocks[2].elements[0].text).toHaveLength(300);
  });
});

describe("a notice as a CloudEvent", () => {
  it("has the attributes of CloudEvents 1.0, and all that it tells as data", () => {
    const { contentType } = bodyOf(whole, "cloudevents");
    expect(contentType).toBe("application/cloudevents+json; charset=utf-8");
    const { id, kind: _, on, ...data } = whole;
    expect(sent(whole, "cloudevents")).toEqual({
      specversion: "1.0",
      id,
      source: "urn:openmetadata-entra:app:deployment:blue",
      type: "openmetadata-entra.stalled",
      subject: "bot-token",
      time: on,
      datacontenttype: "application/json",
      data,
    });
  });

  it("of the app itself has the app for its source, and no subject", () => {
    const event = sent(bare, "cloudevents");
    expect(event.source).toBe("urn:openmetadata-entra:app");
    expect(event).not.toHaveProperty("subject");
  });

  it("of another app has another source: deployments of both may have one name", () => {
    const source = (page: string) => sent({ ...whole, page }, "cloudevents").source;
    expect(source("https://one.example.net/api/page?deployment=blue")).not.toBe(
      source("https://two.example.net/api/page?deployment=blue"),
    );
    expect(sent({ ...bare, page: "https://one.example.net/api/page" }, "cloudevents").source).toBe(
      "urn:openmetadata-entra:one.example.net:app",
    );
  });
});

it("a text that is cut is as long as it may be, with an ellipsis at the end", () => {
  expect(cut("abcd", 4)).toBe("abcd");
  expect(cut("abcde", 4)).toBe("abc…");
});
