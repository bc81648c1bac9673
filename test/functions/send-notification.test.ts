import functions, { type InvocationContext as Context } from "@azure/functions";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Notice } from "../../shared/notify/notice.ts";

/** The receivers that the settings name, and what has left the app. */
const scene = vi.hoisted(() => ({
  receivers: [] as { format: string; url: string; place: number }[],
  page: undefined as string | undefined,
  posted: [] as { url: string; body: string; place: number }[],
  queued: [] as unknown[],
}));
vi.mock("../../shared/world/settings.ts", () => ({
  receivers: () => ({ receivers: scene.receivers, faults: [] }),
  get pageUrl() {
    return scene.page;
  },
}));
vi.mock("../../shared/world/clock.ts", () => ({ clock: { now: () => new Date("2031-03-03T12:00:00Z") } }));
vi.mock("../../shared/world/notify.ts", () => ({
  notices: () => ({ send: async (message: unknown, how: unknown) => void scene.queued.push([message, how]) }),
}));
vi.mock("../../shared/clients/notify/post-notice.ts", () => ({
  postNotice: async ({ url, place }: { url: string; place: number }, { body }: { body: string }) =>
    void scene.posted.push({ url, body, place }),
}));

const notice: Notice = {
  id: "blue/bot-token/stalled/disabled",
  kind: "stalled",
  on: "2031-03-03T12:00:00.000Z",
  deployment: "blue",
  credential: "bot-token",
  title: "Needs attention",
  message: "It is disabled",
};
const to = (place?: number, more: object = {}) => ({
  version: 1,
  kind: "notice",
  notice: { ...notice, ...more },
  ...(place === undefined ? {} : { to: place }),
});

/** Sends what a message says; the lines that are logged. */
async function send(message: unknown): Promise<Record<string, unknown>[]> {
  const { sendNotification } = await import("../../shared/handlers/send-notification.ts");
  const lines: Record<string, unknown>[] = [];
  const logHandler = (_: string, text: unknown) => void lines.push(JSON.parse(String(text)));
  const context: Context = new functions.InvocationContext({ functionName: "send-notification", logHandler });
  await sendNotification(message, context);
  return lines;
}
const pages = () => scene.posted.map(({ body }) => JSON.parse(body).data.page);

beforeEach(() => {
  const receivers = ["one", "two"].map((name, place) => ({
    format: "cloudevents",
    url: `https://${name}.example.com`,
    place,
  }));
  Object.assign(scene, { receivers, page: undefined, posted: [], queued: [] });
});

describe("a notification", () => {
  it("for all receivers becomes a message for each, and nothing is sent yet", async () => {
    await send(to());
    const now = { delay: 0 };
    expect(scene.queued).toEqual([
      [to(0), now],
      [to(1), now],
    ]);
    expect(scene.posted).toEqual([]);
  });

  it("goes to the receiver that it names, and is noted without the address", async () => {
    expect(await send(to(1))).toMatchObject([
      {
        event: "note",
        message: "notification sent to receiver 2 (cloudevents): Needs attention",
        deployment: "blue",
        credential: "bot-token",
      },
    ]);
    expect(scene.posted).toMatchObject([{ url: "https://two.example.com", place: 1 }]);
    expect(scene.queued).toEqual([]);
  });

  it("goes to the only receiver at once", async () => {
    scene.receivers = scene.receivers.slice(0, 1);
    await send(to());
    expect(scene.posted).toMatchObject([{ url: "https://one.example.com", place: 0 }]);
    expect(scene.queued).toEqual([]);
  });

  it("knows its receiver by the place in the setting, also where one before it is wrong", async () => {
    scene.receivers = scene.receivers.slice(1);
    expect(await send(to())).toMatchObject([{ message: expect.stringContaining("sent to receiver 2 (cloudevents)") }]);
    expect(await send(to(0))).toMatchObject([{ event: "ignored" }]);
    expect(scene.posted).toMatchObject([{ url: "https://two.example.com", place: 1 }]);
    scene.receivers.push({ format: "cloudevents", url: "https://four.example.com", place: 3 });
    await send(to());
    expect(scene.queued).toMatchObject([
      [{ to: 1 }, {}],
      [{ to: 3 }, {}],
    ]);
  });

  it("to a receiver that the settings no longer name is ignored", async () => {
    const ignored = await send(to(2));
    expect(ignored).toMatchObject([
      { event: "ignored", message: expect.stringContaining("NOTIFY_URL names no receiver 3") },
    ]);
    scene.receivers = [];
    expect(await send(to())).toMatchObject([{ message: expect.stringContaining("no receiver 1") }]);
    expect(scene.posted).toEqual([]);
  });

  it("that cannot be read is ignored", async () => {
    expect(await send({ version: 2, kind: "notice" })).toMatchObject([{ event: "ignored" }]);
    expect([scene.posted, scene.queued]).toEqual([[], []]);
  });

  it("that is a test goes to all as a notice", async () => {
    await send({ version: 1, kind: "test" });
    expect(scene.queued).toMatchObject([
      [{ kind: "notice", to: 0, notice: { kind: "test" } }, {}],
      [{ kind: "notice", to: 1, notice: { kind: "test" } }, {}],
    ]);
  });

  it("that is a test goes to the only receiver at once", async () => {
    scene.receivers = scene.receivers.slice(0, 1);
    await send({ version: 1, kind: "test" });
    expect(scene.posted.map(({ body }) => JSON.parse(body).type)).toEqual(["openmetadata-entra.test"]);
  });

  it("leads to the page of its deployment, which the app itself knows", async () => {
    await send(to(0));
    scene.page = "https://app.example.com/api/page";
    await send(to(0, { deployment: "a&b" }));
    await send(to(0, { deployment: undefined }));
    expect(pages()).toEqual([
      undefined,
      "https://app.example.com/api/page?deployment=a%26b",
      "https://app.example.com/api/page",
    ]);
  });
});
