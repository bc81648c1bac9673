import { describe, expect, it } from "vitest";
import { readBlob } from "../../shared/clients/blob/blob.ts";
import { blobMemory } from "../../shared/clients/blob/memory.ts";
import { answering, type GivenAnswer } from "./answering.ts";

/** A blob service that gives these answers in turn; the requests with their headers. */
async function storage(...answers: GivenAnswer[]) {
  const seen: { line: string; headers: Record<string, unknown> }[] = [];
  const { url } = await answering(({ method, url: path, headers }, count) => {
    seen.push({ line: `${method} ${path}`, headers });
    return answers[count - 1] ?? { status: 500 };
  });
  return { url, seen, lines: () => seen.map(({ line }) => line) };
}

describe("the list of deployments in a blob", () => {
  it("is read with a token of ours, and only when it has changed", async () => {
    const { url, seen } = await storage({ json: ["a"], headers: { etag: '"2"' } }, { status: 304 }, {});
    expect(await readBlob(url, "token", undefined)).toEqual({ kind: "read", json: ["a"], etag: '"2"' });
    expect(await readBlob(url, "token", '"2"')).toEqual({ kind: "unchanged" });
    expect(await readBlob(url, "token", undefined)).toEqual({ kind: "read", json: undefined, etag: "" });
    const [first, second] = seen.map(({ headers }) => headers);
    expect(first).toMatchObject({ authorization: "Bearer token", "x-ms-version": "2023-11-03" });
    expect(first).not.toHaveProperty("if-none-match");
    expect(second).toMatchObject({ "if-none-match": '"2"' });
  });

  it.each([
    [403, {}, 0],
    [503, { "retry-after": "7" }, 7],
  ])("that is answered with %i is an error of the storage", async (status, headers, retryAfterSeconds) => {
    const { url } = await storage({ status, headers });
    await expect(readBlob(url, "token", undefined)).rejects.toMatchObject({
      service: "Storage",
      status,
      retryAfterSeconds,
      message: `Cannot read the list of deployments: Storage answered ${status} for ${url}`,
    });
  });
});

describe("what a storage account refuses", () => {
  it.each([
    [403, "AuthorizationFailure", /network settings/],
    [403, "KeyBasedAuthenticationNotPermitted", /AzureWebJobsStorage__accountName/],
    [401, "InvalidAuthenticationInfo", /tenant of the app's identity/],
    [404, "BlobNotFound", /DEPLOYMENTS_BLOB/],
    [404, "ContainerNotFound", /DEPLOYMENTS_BLOB/],
    [403, "AuthorizationPermissionMismatch", /Storage Blob Data Reader/],
  ])("is told by its code with what an operator does: %i %s", async (status, code, hint) => {
    const { url } = await storage({ status, headers: { "x-ms-error-code": code } });
    await expect(readBlob(url, "token", undefined)).rejects.toMatchObject({
      code: "storage-refused",
      serviceCode: code,
      message: `Cannot read the list of deployments: Storage answered ${status} ${code} for ${url}`,
      hint: expect.stringMatching(hint),
    });
  });
});

describe("what was told", () => {
  const memoryAt = (url: string) => blobMemory({ blobServiceUri: `${url}//`, token: async () => "token" });
  const PATH = "/openmetadata-entra-notified";

  it("is recalled with the name of its state, and may not be there", async () => {
    const { url, seen } = await storage({ json: { a: 1 }, headers: { etag: '"1"' } }, { status: 404 }, { json: {} });
    const memory = memoryAt(url);
    expect(await memory.recall("blue/bot-token.json")).toEqual({ json: { a: 1 }, etag: '"1"' });
    expect(await memory.recall("x")).toBeUndefined();
    expect(await memory.recall("x")).toEqual({ json: {}, etag: "" });
    expect(seen[0]).toMatchObject({
      line: `GET ${PATH}/blue/bot-token.json`,
      headers: { authorization: "Bearer token", "x-ms-version": "2023-11-03" },
    });
  });

  it("is written over the state that was read, or anew, and never over another one", async () => {
    const { url, seen } = await storage({ status: 201 }, { status: 201 }, { status: 412 }, { status: 409 });
    const memory = memoryAt(url);
    expect([await memory.remember("x", {}, '"1"'), await memory.remember("x", {}, undefined)]).toEqual([true, true]);
    expect([await memory.remember("x", {}, '"1"'), await memory.remember("x", {}, undefined)]).toEqual([false, false]);
    const [over, anew] = seen;
    const about = { "content-type": "application/json", "x-ms-blob-type": "BlockBlob" };
    expect(over).toMatchObject({ line: `PUT ${PATH}/x`, headers: { ...about, "if-match": '"1"' } });
    expect(anew).toMatchObject({ headers: { ...about, "if-none-match": "*" } });
    expect(anew?.headers).not.toHaveProperty("if-match");
  });

  it.each([201, 409])("gets its container at the first write (answered %i)", async (made) => {
    const { url, lines, seen } = await storage({ status: 404 }, { status: made }, { status: 201 });
    expect(await memoryAt(url).remember("x", {}, '"1"')).toBe(true);
    expect(lines()).toEqual([`PUT ${PATH}/x`, `PUT ${PATH}?restype=container`, `PUT ${PATH}/x`]);
    expect(seen[2]?.headers).toMatchObject({ "if-none-match": "*" });
  });

  it("that cannot be read or written is an error of the storage", async () => {
    const refused = async (answers: GivenAnswer[], write: boolean) => {
      const memory = memoryAt((await storage(...answers)).url);
      const asked = write ? memory.remember("x", {}, undefined) : memory.recall("x");
      return asked.then(
        () => undefined,
        ({ service, status, message, retryAfterSeconds }) => ({ service, status, message, retryAfterSeconds }),
      );
    };
    const about = (action: string, status: number, retryAfterSeconds = 0) => ({
      service: "Storage",
      status,
      retryAfterSeconds,
      message: `Cannot ${action}: Storage answered ${status} for container "openmetadata-entra-notified"`,
    });
    const busy = { status: 503, headers: { "retry-after": "7" } };
    expect(await refused([busy], false)).toEqual(about("read what was last notified", 503, 7));
    expect(await refused([busy], true)).toEqual(about("note what was notified", 503, 7));
    expect(await refused([{ status: 404 }, { status: 403 }], true)).toEqual(about("note what was notified", 403));
    expect(await refused([{ status: 404 }, { status: 201 }, { status: 403 }], true)).toMatchObject({ status: 403 });
  });
});
