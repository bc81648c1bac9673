import { describe, expect, it } from "vitest";
import { readReceivers } from "../../shared/deployment/receivers.ts";

describe("NOTIFY_URL", () => {
  it.each([undefined, "", "  "])("that is %j names nobody", (text) => {
    expect(readReceivers(text)).toEqual({ receivers: [], faults: [] });
  });

  it.each([
    ["https://hooks.slack.com/services/T/B/x", "slack"],
    ["https://prod-1.westeurope.logic.azure.com:443/workflows/a/triggers/manual/paths/invoke?sig=x", "teams"],
    ["https://default1.a.environment.api.powerplatform.com/powerautomate/automations/x?sig=y", "teams"],
    ["https://contoso.webhook.office.com/webhookb2/x", "teams"],
    ["https://events.example.com/in", "cloudevents"],
    ["https://hooks.slack-gov.com/services/x", "slack"],
    ["https://hooks.slack.com.example.com/x", "cloudevents"],
    ["https://xhooks.slack.com/x", "cloudevents"],
    ["https://x.logic.azure.com.example.com/x", "cloudevents"],
    ["slack+https://chat.example.com/hooks/x", "slack"],
    ["teams+https://gateway.example.com/x", "teams"],
    ["cloudevents+https://hooks.slack.com/x", "cloudevents"],
    ["http://127.0.0.1:8080/x", "cloudevents"],
  ])("%s is served as %s", (text, format) => {
    const { receivers, faults } = readReceivers(text);
    expect(faults).toEqual([]);
    expect(receivers.map((one) => one.format)).toEqual([format]);
    expect(receivers[0]?.url.startsWith("http")).toBe(true);
  });

  it("may name several, whose addresses may have commas of their own", () => {
    const { receivers } = readReceivers(
      "https://a.example.com/?x=1,2, slack+https://b.example.com/ ,https://c.example.com",
    );
    expect(receivers.map(({ url }) => url)).toEqual([
      "https://a.example.com/?x=1,2",
      "https://b.example.com/",
      "https://c.example.com/",
    ]);
  });

  it.each(["https://a.example.com/x\nhttps://b.example.com\n", "https://a.example.com/x, ,https://b.example.com,"])(
    "may be one address on each line, or end in a comma: %j",
    (text) => {
      const { receivers, faults } = readReceivers(text);
      expect(receivers.map(({ url }) => url)).toEqual(["https://a.example.com/x", "https://b.example.com/"]);
      expect(faults).toEqual([]);
    },
  );

  it("says that it serves ten at most, where there are more", () => {
    const { receivers, faults } = readReceivers(Array(12).fill("https://a.example.com/s3cret").join());
    expect(receivers).toHaveLength(10);
    expect(faults).toEqual(["NOTIFY_URL has 12 addresses: only 10 are served"]);
  });

  it.each([
    ["https://events.example.com/a s3cret", /must have no blank in it/],
    ["http://events.example.com/s3cret", /must be an https:\/\/ URL$/],
    ["https://me:s3cret@events.example.com/", /no user name and no password/],
    ["https://:s3cret@events.example.com/", /no user name and no password/],
    ["https://s3cret@events.example.com/", /no user name and no password/],
    ["mailto:s3cret@example.com", /must be an https:\/\/ URL/],
    ["irc+https://example.com/s3cret", /must begin with teams\+, slack\+, cloudevents\+ or https/],
    ["https://169.254.169.254/s3cret", /must not be an address of the platform/],
    ["https://2852039166/s3cret", /must not be an address of the platform/],
    ["https://[fe80::1]/s3cret", /must not be an address of the platform/],
    ["https://[::ffff:169.254.169.254]/s3cret", /must not be an address of the platform/],
    ["https://168.63.129.16/s3cret", /must not be an address of the platform/],
    ["@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/s3cret)", /could not be resolved/],
  ])("%s is a fault that does not repeat it", (text, fault) => {
    const { receivers, faults } = readReceivers(text);
    expect(receivers).toEqual([]);
    expect(faults).toEqual([expect.stringMatching(fault)]);
    expect(faults.join()).not.toContain("s3cret");
  });

  it("leaves out the one that is wrong and serves the others", () => {
    const { receivers, faults } = readReceivers("http://a.example.com,https://b.example.com");
    expect(receivers.map(({ url, place }) => [url, place])).toEqual([["https://b.example.com/", 1]]);
    expect(faults).toEqual(["NOTIFY_URL, address 1, must be an https:// URL"]);
  });
});
