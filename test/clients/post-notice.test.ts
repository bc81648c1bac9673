import { describe, expect, it } from "vitest";
import { postNotice } from "../../shared/clients/notify/post-notice.ts";
import { answering, type GivenAnswer } from "./answering.ts";

const notice = { contentType: "application/cloudevents+json", body: '{"id":"1"}' };

/** Posts to a receiver that answers so; what it got, and what the failure says. */
async function post(answer: GivenAnswer) {
  const got: unknown[] = [];
  const { url, asked } = await answering(({ headers }) => {
    got.push(headers["content-type"]);
    return answer;
  });
  const address = `${url}/secret-path`;
  const failure = await postNotice({ url: address, format: "slack", place: 1 }, notice).catch((error: Error) => error);
  return { asked, got, failure };
}

describe("a notification", () => {
  it.each([200, 202, 204, 299])("is posted as it is, and taken with %i", async (status) => {
    const { asked, got, failure } = await post({ status });
    expect([asked, got, failure]).toEqual([["POST /secret-path"], [notice.contentType], undefined]);
  });

  it.each([
    [302, { location: "/elsewhere" }, "redirects (302), which is not followed"],
    [400, {}, "answered 400"],
    [500, {}, "answered 500"],
  ])("that is answered with %i fails, without the address", async (status, headers, said) => {
    const { asked, failure } = await post({ status, headers });
    expect(asked).toHaveLength(1);
    expect(failure).toMatchObject({
      service: "Notification receiver",
      status,
      message: `Cannot send a notification: receiver 2 of NOTIFY_URL (slack) ${said}`,
    });
    expect(failure).not.toHaveProperty("cause");
  });

  it("that nobody answers fails, without the address or the cause", async () => {
    const { url } = await answering(() => ({}));
    const closed = url.replace(/\d+$/, "1");
    const failure = await postNotice({ url: closed, format: "teams", place: 0 }, notice).catch((error: Error) => error);
    expect(failure).toMatchObject({
      status: 0,
      message: "Cannot send a notification: receiver 1 of NOTIFY_URL (teams) does not answer",
    });
    expect(failure).not.toHaveProperty("cause");
  });
});
