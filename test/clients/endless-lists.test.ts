import { describe, expect, it } from "vitest";
import { z } from "zod";
import { amid, injected, strike } from "../../proof/strikes/strike.ts";
import { keyVault } from "../../shared/clients/key-vault/key-vault.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { MOST_PAGES } from "../../shared/limits.ts";
import { openApp } from "../app/app.ts";
import { answering } from "./answering.ts";

const thing = z.object({ name: z.string() });

describe("a list of OpenMetadata", () => {
  it("is read to its end", async () => {
    const { url } = await answering(({ url: path }) =>
      path?.includes("after=")
        ? { json: { data: [{ name: "two" }], paging: {} } }
        : { json: { data: [{ name: "one" }], paging: { after: "a/b" } } },
    );
    const calls = openMetadataCalls(url, async () => "token");
    expect(await calls.list("list things", "/v1/things?limit=1", thing)).toEqual([{ name: "one" }, { name: "two" }]);
  });

  it.each([
    ["a cursor that came before", () => "same"],
    ["cursors without end", (count: number) => String(count)],
  ])("is given up with %s", async (_, after) => {
    const { url, asked } = await answering((_request, count) => ({
      json: { data: [{ name: "one" }], paging: { after: after(count) } },
    }));
    const calls = openMetadataCalls(url, async () => "token");
    await expect(calls.list("list things", "/v1/things?limit=1", thing)).rejects.toMatchObject({
      code: "openmetadata-unreadable",
      message: "Cannot list things: OpenMetadata keeps returning more pages",
    });
    expect(asked.length).toBeLessThanOrEqual(MOST_PAGES + 1);
  });
});

describe("the versions of a secret", () => {
  const app = openApp();

  it("are given up where the vault links from page to page without end", async () => {
    const { cloud, clock } = app();
    const getToken = async () => ({
      token: await cloud.entra.issueToken({ aud: "https://vault.localhost", oid: cloud.app.objectId }),
      expiresOnTimestamp: clock.now().getTime() + 3_600_000,
    });
    const secret = keyVault({ url: cloud.urls.vault, name: "vault" }, { getToken })("endless");
    await secret.announce("nonce", { on: clock.now(), expiresOn: new Date(clock.now().getTime() + 3_600_000) });
    let pages = 0;
    const more = strike({ service: "key-vault", method: "GET", path: /\/versions/ }, () => {
      pages += 1;
      const nextLink = `${cloud.urls.vault}/secrets/endless/versions?api-version=2025-07-01&$skiptoken=${pages}`;
      const page = pages > 2 * MOST_PAGES ? { value: [] } : { value: [], nextLink };
      return { kind: "answer", response: () => injected(200, page) };
    });
    await expect(amid(app(), more, () => secret.latest())).rejects.toThrow(
      'Cannot list the versions of secret "endless" in vault "vault": the vault keeps returning more pages',
    );
    expect(pages).toBeLessThanOrEqual(MOST_PAGES + 1);
  });
});
