import { z } from "zod";

const plainText = (most: number) =>
  z.strictObject({
    type: z.literal("plain_text"),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  });
/** Of the three characters that Slack reads as markup, none stands there by itself. */
const markdown = z.strictObject({
  type: z.literal("mrkdwn"),
  text: z
    .string()
    .min(1)
    .max(3_000)
    .regex(/^(?:[^<>&]|&(?:amp|lt|gt);)*$/),
  verbatim: z.boolean().optional(),
});

const block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), text: plainText(150) }),
  z.strictObject({ type: z.literal("section"), text: z.union([markdown, plainText(3_000)]) }),
  z.strictObject({
    type: z.literal("context"),
    elements: z
      .array(z.union([markdown, plainText(3_000)]))
      .min(1)
      .max(10),
  }),
  z.strictObject({
    type: z.literal("actions"),
    elements: z
      .array(z.strictObject({ type: z.literal("button"), text: plainText(75), url: z.url().max(3_000) }))
      .min(1)
      .max(25),
  }),
]);

/**
 * What an incoming webhook of Slack takes: a text, and at most 50 blocks (docs.slack.dev, "Sending messages using incoming
 * webhooks" and "Reference: blocks"). Other blocks are not modelled.
 */
export const slackMessage = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z.array(block).max(50).optional(),
});
