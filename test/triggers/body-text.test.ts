import functions from "@azure/functions";
import { describe, expect, it } from "vitest";
import { bodyText } from "../../shared/triggers/body-text.ts";

const MOST = 64 * 1024;

/** What comes of a request with this body, of which the caller has announced so many bytes. */
function read(body: string, announced: number = body.length) {
  let isRead = false;
  const headers = new functions.HttpRequest({
    method: "POST",
    url: "https://app/api/rotate",
    headers: { "content-length": String(announced) },
  }).headers;
  const text = async () => {
    isRead = true;
    return body;
  };
  const answer = bodyText({ headers, text }).catch((error: unknown) => error);
  return answer.then((found) => ({ found, isRead }));
}

describe("a body", () => {
  it("is read up to 64 kB, and one that is longer is not even read", async () => {
    expect(await read("{}", MOST)).toEqual({ found: "{}", isRead: true });
    expect(await read("{}", MOST + 1)).toMatchObject({
      found: {
        code: "body-too-large",
        message: expect.stringContaining("64 kB"),
        hint: expect.stringMatching(/^Send/),
      },
      isRead: false,
    });
  });

  it("is refused by its real size too, whatever was announced, or nothing", async () => {
    const long = "[".repeat(MOST + 1);
    expect((await read(long, 2)).found).toMatchObject({ code: "body-too-large" });
    const { headers } = new functions.HttpRequest({ method: "POST", url: "https://app/api/rotate" });
    await expect(bodyText({ headers, text: async () => long })).rejects.toMatchObject({ code: "body-too-large" });
    expect((await read("{}".padEnd(MOST), MOST)).found).toHaveLength(MOST);
  });

  it.each(["", "  \n"])("that is empty (%j) is none: to use the defaults takes {}", async (body) => {
    expect((await read(body)).found).toMatchObject({
      code: "body-missing",
      message: "Cannot read the request body: it is empty",
      hint: "Send a JSON object; to use the defaults, send {}",
    });
  });

  it("that did not arrive, for it was sent in chunks, is told as that", async () => {
    const { headers } = new functions.HttpRequest({ method: "POST", url: "https://app/api/rotate" });
    await expect(bodyText({ headers, text: async () => "" })).rejects.toMatchObject({
      code: "body-missing",
      message: expect.stringContaining("there is no Content-Length"),
      hint: expect.stringContaining("drops one that is sent in chunks"),
    });
  });
});
