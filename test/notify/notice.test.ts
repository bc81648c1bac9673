import { expect, it } from "vitest";
import { noticeOf } from "../../shared/notify/news.ts";
import { readNoticeMessage, testNotice } from "../../shared/notify/notice.ts";
import { isShared } from "../../shared/notify/shared-cause.ts";

const NOW = new Date("2031-03-03T12:00:00Z");

it("a test says that it is none but a test, and can be sent like all others", () => {
  const notice = testNotice(NOW);
  expect(notice).toEqual({
    id: `test/${NOW.toISOString()}`,
    kind: "test",
    on: NOW.toISOString(),
    title: "Test",
    message: expect.stringContaining("Nothing has happened"),
  });
  expect(readNoticeMessage({ version: 1, kind: "notice", notice })).toMatchObject({ notice });
  expect(readNoticeMessage({ version: 1, kind: "test" })).toEqual({ version: 1, kind: "test" });
  expect(noticeOf({ kind: "test", of: "x", message: "m" }, {}, NOW).title).toBe("Test");
});

it("what is no notification is ignored, and not repeated", () => {
  expect(readNoticeMessage("s3cret")).toEqual({
    kind: "ignored",
    because: "missing or unexpected value in the message",
  });
});

it.each([
  [true, "graph-unreachable"],
  [true, "vault-unavailable"],
  [true, "vault-network-forbidden"],
  [true, "vault-forbidden"],
  [true, "entra-throttled"],
  [true, "identity-without-token"],
  [true, "storage-refused"],
  [false, "vault-refused"],
  [false, "openmetadata-unreachable"],
  [false, "my-vault-forbidden"],
  [false, "vault-forbidden-here"],
  [false, "vault-un"],
  [false, "disabled"],
])("it is %s that %s has one cause for all credentials", (shared, reason) => {
  expect(isShared(reason)).toBe(shared);
});
