import { describe, expect, it } from "vitest";
import * as z from "zod";
import { unreadable } from "../../shared/problems/unreadable.ts";

describe("what is said of a message that is not as it should be", () => {
  it("names each place, and never what stands there", () => {
    const message = z.object({ about: z.object({ name: z.string() }), on: z.iso.datetime() });
    const because = (sent: unknown) => {
      const { error } = message.safeParse(sent);
      return error && unreadable(error, "the message");
    };
    expect(because({ about: { name: 7 }, on: "secret" })).toEqual({
      kind: "ignored",
      because: "missing or unexpected value in about.name, on",
    });
    expect(because("secret")).toEqual({ kind: "ignored", because: "missing or unexpected value in the message" });
  });
});
