import { expect, it } from "vitest";
import { noticeOf } from "../../shared/notify/news.ts";
import { readNoticeMessage, testNotice } from "../../shared/notify/notice.ts";
import { concernedBy, sharedName } from "../../shared/notify/shared-cause.ts";

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
  ["all", "graph-unreachable"],
  ["all", "vault-unavailable"],
  ["all", "vault-network-forbidden"],
  ["all", "vault-forbidden"],
  ["all", "entra-throttled"],
  ["all", "identity-without-token"],
  ["all", "storage-refused"],
  ["all", "permission-missing"],
  ["all", "tenant-mismatch"],
  ["deployment", "registration-missing"],
  ["deployment", "registration-not-ours"],
  ["deployment", "address-redirects"],
  ["deployment", "openmetadata-forbidden"],
  ["deployment", "openmetadata-version-unknown"],
  ["deployment", "openmetadata-unreachable"],
  ["deployment", "openmetadata-unavailable"],
  ["deployment", "openmetadata-refused"],
  ["deployment", "openmetadata-unreadable"],
  [undefined, "vault-refused"],
  [undefined, "my-vault-forbidden"],
  [undefined, "vault-forbidden-here"],
  [undefined, "vault-un"],
  [undefined, "disabled"],
])("%s are concerned by %s beside the one that meets it", (concerned, reason) => {
  expect(concernedBy(reason)).toBe(concerned);
});

it("who tells of a shared cause is remembered by its name, and by that of the deployment where it is its own", () => {
  expect(sharedName("vault-forbidden", "blue")).toBe("_shared/vault-forbidden.json");
  expect(sharedName("openmetadata-refused", "blue")).toBe("blue/_shared/openmetadata-refused.json");
  expect(sharedName("openmetadata-refused", undefined)).toBeUndefined();
  expect(sharedName("disabled", "blue")).toBeUndefined();
});
