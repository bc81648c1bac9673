import { cut } from "./cut.ts";
import type { Notice } from "./notice.ts";

/** Teams takes 28 KB in all (Microsoft Learn: "Create Incoming Webhooks"): room for two texts, in bytes of JSON. */
const LONGEST = 12_000;
/** JSON makes so many bytes of one UTF-16 unit at most. */
const MOST_BYTES = 6;

const COLORS: Record<Notice["kind"], "good" | "attention" | "warning" | "accent"> = {
  delivered: "good",
  "assumed-delivered": "good",
  recovered: "good",
  "leak-answered": "good",
  stalled: "attention",
  expiring: "warning",
  test: "accent",
};

/**
 * The notice as a message with an Adaptive Card, for a workflow of Teams that posts what its webhook receives (Microsoft
 * Learn: "Create Incoming Webhooks with Workflows"; adaptivecards.io, schema 1.4). What services have said stands in text
 * runs, which are not read as Markdown.
 */
export function adaptiveCard(notice: Notice) {
  const { title, message, hint, page } = notice;
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      { ...heading(title), size: "medium", color: COLORS[notice.kind] },
      plain(message),
      ...(hint ? [heading("What to do"), plain(hint)] : []),
      { type: "FactSet", facts: factsOf(notice) },
    ],
    ...(page ? { actions: [{ type: "Action.OpenUrl", title: "Open the page", url: page }] } : {}),
  };
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }],
  };
}

/** Names and dates of our own. */
function factsOf({ secret, reason, on }: Notice) {
  const told = { "Vault secret": secret, Reason: reason, On: on };
  return Object.entries(told).flatMap(([title, value]) => (value === undefined ? [] : [{ title, value }]));
}

function heading(text: string) {
  return { type: "TextBlock", text, weight: "bolder", wrap: true };
}

function plain(text: string) {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", text: fitting(text) }] };
}

function fitting(text: string): string {
  return Buffer.byteLength(JSON.stringify(text)) <= LONGEST ? text : cut(text, LONGEST / MOST_BYTES);
}
