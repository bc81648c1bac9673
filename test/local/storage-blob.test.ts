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
