import { afterAll, describe, expect, it } from "vitest";
import { serveRedirect } from "../../local/cloud/redirect.ts";
import type { Served } from "../../local/cloud/serve.ts";
import { amid, answers } from "../../proof/strikes/strike.ts";
import { openApp } from "./app.ts";

describe("OpenMetadata at an address that redirects", () => {
  const app = openApp();
  let redirect: Served | undefined;
  afterAll(() => redirect?.close());

  it.each([301, 308] as const)(
    "from http to https with %i is named with the address to set, and nothing is sent there",
    async (status) => {
      await redirect?.close();
      await app().restart();
      for (const path of ["provision", "consent"]) await app().post(path);
      redirect = await serveRedirect(app().cloud.urls.openMetadata, status);
      await app().restart({ OPENMETADATA_URL: redirect.url });
      app().mark();
      const { status: answered, body } = await app().call("POST", "rotate", { because: "leaver" });
      expect({ answered, body }).toMatchObject({ answered: 409, body: { code: "address-redirects" } });
      expect(body.detail).toContain(`OpenMetadata at ${redirect.url} redirects to ${app().cloud.urls.openMetadata}`);
      expect(body.hint).toContain("OPENMETADATA_URL");
      expect(app().requests("openmetadata")).toEqual([]);
    },
  );

  it("to the log-in page of a proxy is told as such, without the address that was asked for", async () => {
    await app().restart();
    const headers = { location: "/oauth2/start?rd=%2Fapi%2Fv1%2Fsecret" };
    const proxy = answers({ service: "openmetadata" }, { status: 302, headers });
    const { body } = await amid(app(), proxy, () => app().call("POST", "rotate", { because: "leaver" }));
    expect(body).toMatchObject({
      code: "address-redirects",
      detail: expect.stringContaining("redirects to another page there"),
      hint: expect.stringContaining("login"),
    });
    expect(JSON.stringify(body)).not.toContain("oauth2/start");
  });
});

describe("a vault that nobody may reach from outside", () => {
  const app = openApp();

  it("is told as a matter of the network, with how to get in", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    app().cloud.vault.setRules({ publicAccess: false });
    const { status, body } = await app().call("POST", "rotate", {});
    expect({ status, body }).toMatchObject({ status: 409, body: { code: "vault-network-forbidden" } });
    expect(body.hint).toMatch(/private endpoint.*\n.*az keyvault update --name \S+ --public-network-access Enabled/);
    expect(app().inEntra()).toEqual([]);
  });
});
