import { describe, expect, it } from "vitest";
import { bodyOf } from "../../shared/notify/body.ts";
import { cut } from "../../shared/notify/cut.ts";
import type { Notice } from "../../shared/notify/notice.ts";

const told = (message: string, hint: string): Notice => ({
  id: "x",
  kind: "stalled",
  on: "2031-03-03T12:00:00.000Z",
  deployment: "d".repeat(40),
  credential: "ingestion-client-secret",
  secret: "s".repeat(127),
  title: "Needs attention",
  message,
  reason: "vault-forbidden",
  hint,
  page: `https://${"a".repeat(200)}/api/page`,
});
const size = (notice: Notice) => Buffer.byteLength(bodyOf(notice, "teams").body);

describe("a notice for Teams", () => {
  it.each([
    ["letters", "x"],
    ["characters of three bytes", "€"],
    ["characters of four bytes", "😀"],
    ["controls, of which JSON makes six bytes", "\u0001"],
  ])("of two long texts of %s stays under 28 KB", (_, character) => {
    const text = character.repeat(4_000 / character.length);
    expect(size(told(text, text))).toBeLessThanOrEqual(28 * 1024);
  });

  it("tells the whole of an ordinary long text", () => {
    expect(bodyOf(told("x".repeat(4_000), "Do"), "teams").body).toContain("x".repeat(4_000));
  });
});

describe("a text that is cut", () => {
  it("has no half of a character, which some receivers refuse", () => {
    for (const most of [10, 11]) {
      const shown = cut("😀".repeat(20), most);
      expect(shown.isWellFormed()).toBe(true);
      expect(shown.length).toBeLessThanOrEqual(most);
    }
  });
});
