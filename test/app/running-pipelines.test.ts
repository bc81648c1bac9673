import { beforeAll, describe, expect, it } from "vitest";
import { queuesOf } from "../../journey/setting.ts";
import { WORK_QUEUE } from "../../shared/engine/queues.ts";
import { HOUR, MINUTE, openApp } from "./app.ts";
import { runTimer } from "./trouble.ts";

const app = openApp({ release: "1.12.6", settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

const held = () => {
  const mechanism = app().cloud.openMetadata.botMechanism("ingestion-bot");
  return mechanism?.authType === "JWT" ? mechanism.config.JWTToken : undefined;
};
const rotate = (body: object = {}) =>
  app().call("POST", "rotate", { credential: "bot-token", because: "leaver", ...body });

describe("while a pipeline runs", () => {
  beforeAll(async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    for (const path of ["provision", "consent", "rotate"]) await app().post(path);
    await app().clock.advance(HOUR);
    await app().post("rotate"); // confirms
    await runTimer(app()); // so that nobody takes it for silent
  });

  it("a new token that somebody asks for is not issued: the answer says what it waits for, and for how long", async () => {
    const before = held();
    app().cloud.openMetadata.startRun("warehouse");
    const { status, retryAfter, body } = await rotate();
    expect(status).toBe(202);
    expect(retryAfter).toBeGreaterThan(0);
    const until = new Date(app().clock.now().getTime() + HOUR).toISOString();
    expect(body.waitingFor).toBe(
      `pipelines are running ("warehouse") and would lose their token; a new one is issued when they have ended, by ${until} at the latest`,
    );
    expect(body.steps).toMatchObject([{ kind: "issue", state: "waiting", code: "pipelines-running" }]);
    expect(held()).toBe(before);

    await app().clock.advance(5 * MINUTE);
    app().cloud.openMetadata.endRun("warehouse");
    const again = await rotate({ issuedBefore: body.issuedBefore });
    expect(again).toMatchObject({ status: 200, body: { converged: true } });
    expect(held()).not.toBe(before);
    expect(app().latest("openmetadata-bot-token")?.value).toBe(held());
  });

  it("it is issued all the same when an hour has passed", async () => {
    await app().clock.advance(HOUR);
    const before = held();
    app().cloud.openMetadata.startRun("warehouse");
    const { body } = await rotate();
    await app().clock.advance(HOUR);
    expect(await rotate({ issuedBefore: body.issuedBefore })).toMatchObject({ status: 200 });
    expect(held()).not.toBe(before);
    app().cloud.openMetadata.endRun("warehouse");
  });

  it("nothing waits after a leak", async () => {
    await app().clock.advance(HOUR);
    const before = held();
    app().cloud.openMetadata.startRun("warehouse");
    expect(await rotate({ because: "compromised", revokeOld: true })).toMatchObject({ status: 200 });
    expect(held()).not.toBe(before);
    app().cloud.openMetadata.endRun("warehouse");
  });

  it("the schedule waits a day at most, two thirds into the life of the token", async () => {
    // It is looked every minute whether the pipeline still runs; a day of that is left out here.
    const work = queuesOf(app().cloud).service.getQueueClient(WORK_QUEUE);
    const before = held();
    app().cloud.ingestion.stop();
    await app().clock.advance(60 * 24 * HOUR);
    app().cloud.openMetadata.startRun("warehouse");
    await runTimer(app());
    await work.clearMessages();
    expect(held()).toBe(before);
    const shown = JSON.stringify((await app().call("GET", "status")).body);
    expect(shown).toContain('"runningPipelines":["warehouse"]');
    await app().clock.advance(23 * HOUR);
    app().cloud.openMetadata.endRun("warehouse");
    app().cloud.openMetadata.startRun("warehouse");
    await runTimer(app());
    await work.clearMessages();
    expect(held()).toBe(before);
    await app().clock.advance(HOUR + MINUTE);
    await runTimer(app());
    expect(held()).not.toBe(before);
  });
});
