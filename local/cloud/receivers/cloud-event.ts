import { z } from "zod";

/**
 * A CloudEvent in structured mode (github.com/cloudevents/spec, version 1.0.2, "Context Attributes" and "JSON Event
 * Format"): names of attributes are lower-case letters and digits, `data` is any JSON.
 */
export const cloudEvent = z
  .object({
    specversion: z.literal("1.0"),
    id: z.string().min(1),
    source: z.string().regex(/^(?:[a-z][a-z0-9+.-]*:|\/)\S+$/),
    type: z.string().min(1),
    subject: z.string().min(1).optional(),
    time: z.iso.datetime({ offset: true }).optional(),
    datacontenttype: z.literal("application/json").optional(),
    data: z.json().optional(),
  })
  .catchall(z.union([z.string(), z.number().int(), z.boolean()]))
  .refine((event) => Object.keys(event).every((name) => /^[a-z0-9]{1,20}$/.test(name)), { error: "name of attribute" });
