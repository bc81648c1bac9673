import functions from "@azure/functions";
import { describe, expect, it } from "vitest";
import { authorizationOfPerson, wantsPage } from "../../shared/triggers/browser.ts";

const request = (headers: Record<string, string>) =>
  new functions.HttpRequest({ method: "GET", url: "https://app/api/status", headers });

describe("a browser", () => {
  const easyAuth = { "x-ms-token-aad-id-token": "id.to.ken" };

  it.each([
    ["a bearer token", { authorization: "Bearer own" }, "Bearer own"],
    ["the id token of a session of Easy Auth", easyAuth, "Bearer id.to.ken"],
    ["both, of which its own counts", { ...easyAuth, authorization: "Bearer own" }, "Bearer own"],
    ["nothing", {}, null],
    ["who it says it is in plain text", { "x-ms-client-principal-id": "object-1" }, null],
  ])("comes with %s", (_, headers, authorization) => {
    expect(authorizationOfPerson(request(headers))).toBe(authorization);
  });

  it.each([
    [true, { accept: "application/xhtml+xml,Text/HTML;q=0.9" }],
    [false, { accept: "application/json" }],
    [false, { accept: "context/html, text/html5" }],
    [false, {}],
  ])("wants a page: %s, with %j", (wanted, headers) => {
    expect(wantsPage(request(headers))).toBe(wanted);
  });
});
