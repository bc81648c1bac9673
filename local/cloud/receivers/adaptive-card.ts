import { z } from "zod";

const color = z.enum(["default", "dark", "light", "accent", "good", "warning", "attention"]);
const size = z.enum(["default", "small", "medium", "large", "extraLarge"]);
const weight = z.enum(["default", "lighter", "bolder"]);

const textBlock = z.strictObject({
  type: z.literal("TextBlock"),
  text: z.string(),
  color: color.optional(),
  size: size.optional(),
  weight: weight.optional(),
  wrap: z.boolean().optional(),
});
const textRun = z.strictObject({
  type: z.literal("TextRun"),
  text: z.string(),
  color: color.optional(),
  size: size.optional(),
  weight: weight.optional(),
});
const richTextBlock = z.strictObject({
  type: z.literal("RichTextBlock"),
  inlines: z.array(z.union([z.string(), textRun])),
});
const factSet = z.strictObject({
  type: z.literal("FactSet"),
  facts: z.array(z.strictObject({ title: z.string(), value: z.string() })),
});
const openUrl = z.strictObject({ type: z.literal("Action.OpenUrl"), title: z.string(), url: z.url() });

/** As much of a card of schema 1.4 as announcements need (adaptivecards.io/explorer); other elements are not modelled. */
const card = z.strictObject({
  $schema: z.literal("http://adaptivecards.io/schemas/adaptive-card.json").optional(),
  type: z.literal("AdaptiveCard"),
  version: z.enum(["1.0", "1.1", "1.2", "1.3", "1.4"]),
  body: z.array(z.discriminatedUnion("type", [textBlock, richTextBlock, factSet])).min(1),
  actions: z.array(openUrl).optional(),
});

/**
 * What a workflow with the trigger "When a Teams webhook request is received" posts into a channel (Microsoft Learn:
 * "Create Incoming Webhooks with Workflows for Microsoft Teams").
 */
export const adaptiveCardMessage = z.strictObject({
  type: z.literal("message"),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal("application/vnd.microsoft.card.adaptive"),
        contentUrl: z.null().optional(),
        content: card,
      }),
    )
    .min(1),
});
