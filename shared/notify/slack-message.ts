import { cut } from "./cut.ts";
import type { Notice } from "./notice.ts";

/** Slack takes no longer ones (docs.slack.dev, "Reference: blocks", header and section). */
const LONGEST_HEADER = 150;
const LONGEST_SECTION = 3_000;

/**
 * The notice as a message for an incoming webhook (docs.slack.dev, "Sending messages using incoming webhooks"): blocks, and
 * the text that notifications show.
 */
export function slackMessage({ title, message, hint, reason, secret, page }: Notice) {
  const context = [reason && `Reason: ${reason}`, secret && `Vault secret: ${secret}`].filter(Boolean).join(" · ");
  return {
    text: escaped(`${title}. ${message}`, LONGEST_SECTION),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, LONGEST_HEADER), emoji: false } },
      section(message),
      ...(hint ? [section(`What to do: ${hint}`)] : []),
      ...(context
        ? [{ type: "context", elements: [{ type: "plain_text", text: cut(context, 300), emoji: false }] }]
        : []),
      ...(page
        ? [
            {
              type: "actions",
              elements: [{ type: "button", text: { type: "plain_text", text: "Open the page" }, url: page }],
            },
          ]
        : []),
    ],
  };
}

function section(text: string) {
  return { type: "section", text: { type: "mrkdwn", text: escaped(text, LONGEST_SECTION), verbatim: true } };
}

/** What Slack would read as a link or a mention is plain text (docs.slack.dev, "Formatting message text"). */
function escaped(text: string, most: number): string {
  const plain = (some: string): string => some.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  // Each character grows to five at most.
  return plain(text).length <= most ? plain(text) : plain(cut(text, Math.floor(most / 5)));
}
