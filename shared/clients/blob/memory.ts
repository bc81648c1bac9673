import type { Memory } from "../../notify/ports.ts";
import { type Answer, request } from "../http.ts";
import { API_VERSION, blobRefusal } from "./blob.ts";

/** The container in which this app remembers what it has told; made when it is first written to. */
const CONTAINER = "openmetadata-entra-notified";

/**
 * Small JSON documents in the app's own storage account, each written only over the state that was read (Microsoft
 * Learn: "Specifying conditional headers for Blob service operations").
 */
export function blobMemory({ blobServiceUri, token }: { blobServiceUri: string; token(): Promise<string> }): Memory {
  const origin = blobServiceUri.replace(/\/+$/, "");
  const call = async (action: string, path: string, more: { method?: string; headers?: object; body?: string } = {}) =>
    request("Storage", action, {
      url: `${origin}/${CONTAINER}${path}`,
      ...more,
      headers: { authorization: `Bearer ${await token()}`, "x-ms-version": API_VERSION, ...more.headers },
    });
  const put = (name: string, json: unknown, etag: string | undefined) =>
    call(WRITE, `/${name}`, {
      method: "PUT",
      headers: {
        "content-type": "application/json",
        "x-ms-blob-type": "BlockBlob",
        ...(etag === undefined ? { "if-none-match": "*" } : { "if-match": etag }),
      },
      body: JSON.stringify(json),
    });
  return {
    async recall(name) {
      const answer = await call(READ, `/${name}`);
      if (answer.status === 404) return undefined;
      if (answer.status === 200) return { json: answer.json, etag: answer.etag ?? "" };
      throw refused(READ, answer);
    },
    async remember(name, json, etag) {
      let answer = await put(name, json, etag);
      if (answer.status === 404) {
        const made = await call(WRITE, "?restype=container", { method: "PUT", body: "" });
        if (made.status !== 201 && made.status !== 409) throw refused(WRITE, made);
        answer = await put(name, json, undefined);
      }
      if (answer.status === 201) return true;
      if (answer.status === 409 || answer.status === 412) return false;
      throw refused(WRITE, answer);
    },
  };
}

const READ = "read what was last notified";
const WRITE = "note what was notified";

function refused(action: string, answer: Answer) {
  return blobRefusal(action, answer, `container "${CONTAINER}"`);
}
