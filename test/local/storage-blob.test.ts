import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { serve } from "../../local/cloud/serve.ts";
import { createStorageBlob } from "../../local/cloud/storage-blob/create-storage-blob.ts";
import { blobMemory } from "../../shared/clients/blob/memory.ts";
import { azurite, tokenForAzurite } from "./azurite.ts";

const certificate = await createCertificate();
trustCertificate(certificate);

interface Account {
  url: string;
  token: string;
  close(): Promise<void>;
}

async function startStandIn(): Promise<Account> {
  const storage = createStorageBlob({
    verify: async () => ({ objectId: "caller" }),
    authorityUrl: () => "https://login.localhost/tenant",
  });
  storage.grant("caller", "Storage Blob Data Owner");
  const how = { service: "storage-blob", host: "openmetadata.blob.localhost", certificate } as const;
  const { url, close } = await serve(storage.app, { ...how, wire: { faults: [], onExchange: [] } });
  return { url, token: "token", close };
}

async function startAzurite(): Promise<Account> {
  return { ...(await azurite("blob", certificate)), token: await tokenForAzurite(new Date()) };
}

describe.each([
  ["the stand-in", startStandIn],
  ["Azurite", startAzurite],
])("a blob account, as %s is one", (_, start) => {
  let account: Account;
  beforeAll(async () => {
    account = await start();
  });
  afterAll(() => account.close());
  const memory = () => blobMemory({ blobServiceUri: account.url, token: async () => account.token });
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${account.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${account.token}`, "x-ms-version": "2023-11-03", ...headers },
      ...(method === "PUT" ? { body: "" } : {}),
    });

  it("remembers nothing before somebody writes, and makes the container then", async () => {
    expect(await memory().recall("blue/bot-token.json")).toBeUndefined();
    expect(await memory().remember("blue/bot-token.json", { n: 1 }, undefined)).toBe(true);
    expect((await memory().recall("blue/bot-token.json"))?.json).toEqual({ n: 1 });
  });

  it("writes only over the state that was read, and the slower one of two not at all", async () => {
    const { etag } = (await memory().recall("blue/bot-token.json")) ?? {};
    expect(await memory().remember("blue/bot-token.json", { n: 2 }, etag)).toBe(true);
    expect(await memory().remember("blue/bot-token.json", { n: 3 }, etag)).toBe(false);
    expect(await memory().remember("blue/bot-token.json", { n: 4 }, undefined)).toBe(false);
    expect((await memory().recall("blue/bot-token.json"))?.json).toEqual({ n: 2 });
  });

  it("tells how long a blob is, and gives pieces of it", async () => {
    const path = "/openmetadata-entra-notified/blue/bot-token.json";
    expect((await send("HEAD", path)).headers.get("content-length")).toBe("7");
    const piece = await send("GET", path, { "x-ms-range": "bytes=1-3" });
    expect([piece.status, piece.headers.get("content-range"), await piece.text()]).toEqual([206, "bytes 1-3/7", '"n"']);
    const rest = await send("GET", path, { range: "bytes=5-" });
    expect([rest.status, await rest.text()]).toEqual([206, "2}"]);
  });

  it("gives a blob in the state alone that is asked for", async () => {
    const path = "/openmetadata-entra-notified/blue/bot-token.json";
    const etag = (await send("HEAD", path)).headers.get("etag") ?? "";
    expect((await send("GET", path, { "if-match": etag })).status).toBe(200);
    expect((await send("GET", path, { "if-match": '"0x1"' })).status).toBe(412);
    const over = { "x-ms-blob-type": "BlockBlob", "if-none-match": etag };
    expect((await send("PUT", path, over)).status).toBe(412);
  });

  it.each([
    ["a container that is there", "PUT", "/openmetadata-entra-notified?restype=container", {}, 409],
    ["a name that is none", "PUT", "/No_Name?restype=container", {}, 400],
    ["a blob of no container", "GET", "/nowhere/blob", {}, 404],
    ["a blob into no container", "PUT", "/nowhere/blob", { "x-ms-blob-type": "BlockBlob" }, 404],
    ["a blob without its type", "PUT", "/openmetadata-entra-notified/blob", {}, 400],
    [
      "over what is not there",
      "PUT",
      "/openmetadata-entra-notified/none",
      { "x-ms-blob-type": "BlockBlob", "if-match": '"0x1"' },
      412,
    ],
  ])("refuses %s", async (_what, method, path, headers, status) => {
    expect((await send(method, path, headers as Record<string, string>)).status).toBe(status);
  });
});

describe("the stand-in for blobs", () => {
  it.each([
    ["another kind of blob", "PUT", "/c/blob", { "x-ms-blob-type": "AppendBlob" }],
    ["a condition on time", "GET", "/c/blob", { "if-modified-since": "Sat, 28 Nov 2026 10:00:00 GMT" }],
    ["a lease", "PUT", "/c/blob", { "x-ms-blob-type": "BlockBlob", "x-ms-lease-id": "x" }],
    ["the metadata of a blob", "GET", "/c/blob?comp=metadata", {}],
  ])("does not speak for the real one about %s", async (_what, method, path, headers) => {
    const { url, close } = await startStandIn();
    const all = { authorization: "Bearer token", "x-ms-version": "2023-11-03", ...headers } as Record<string, string>;
    const answer = await fetch(url + path, { method, headers: all });
    await close();
    expect([answer.status, answer.headers.get("x-ms-error-code")]).toEqual([501, "NotModelled"]);
  });

  // Azurite gives an empty piece. Microsoft Learn: "Blob service error codes".
  it("has no piece behind the end of a blob", async () => {
    const { url, close } = await startStandIn();
    const headers = { authorization: "Bearer token", "x-ms-version": "2023-11-03" };
    await fetch(`${url}/con?restype=container`, { method: "PUT", headers });
    await fetch(`${url}/con/blob`, {
      method: "PUT",
      headers: { ...headers, "x-ms-blob-type": "BlockBlob" },
      body: "abc",
    });
    const answer = await fetch(`${url}/con/blob`, { headers: { ...headers, range: "bytes=3-" } });
    await close();
    expect([answer.status, answer.headers.get("x-ms-error-code")]).toEqual([416, "InvalidRange"]);
  });
});
