import { afterEach, describe, expect, it } from "vitest";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { MINUTE, openWorld, type World } from "./openmetadata-world.ts";

const PIPELINES = "/v1/services/ingestionPipelines";

let world: World;
afterEach(() => world.close());
const open = async (changes: Partial<OpenMetadataOptions> = {}) => {
  world = await openWorld(changes);
  return world;
};
const pipeline = (name: string) => world.openMetadata.pipelines().find((candidate) => candidate.name === name);
const pushSso = (secret: string) => {
  const user = { name: "ingestion-bot", email: "ingestion-bot@example.com", isBot: true, botName: "ingestion-bot" };
  return world.call("PUT /v1/users", { body: { ...user, authenticationMechanism: world.azureSso(secret) } });
};

describe("ingestion pipelines", () => {
  it("are listed in pages, in order of name", async () => {
    const { call, openMetadata } = await open();
    for (const name of ["orders", "customers", "sales"]) openMetadata.addPipeline({ name, deployed: name === "sales" });
    const page = async (query: string) => {
      const { body } = await call(`GET ${PIPELINES}${query}`);
      const { data, paging } = body as { data: { name: string }[]; paging: { total: number; after?: string } };
      return { names: data.map(({ name }) => name), paging };
    };
    const first = await page("?limit=2&include=non-deleted");
    expect(first).toEqual({ names: ["customers", "orders"], paging: { total: 3, after: expect.any(String) } });
    expect(await page(`?limit=2&after=${first.paging.after}`)).toEqual({ names: ["sales"], paging: { total: 3 } });
    expect((await page("?limit=3")).paging).toEqual({ total: 3 });
    expect((await page("")).names).toHaveLength(3);
    expect((await page("?include=deleted")).names).toEqual([]);
    expect((await call(`GET ${PIPELINES}?limit=-1`)).status).toBe(400);
    expect((await call(`GET ${PIPELINES}?limit=1000001`)).status).toBe(400);
  });

  it("pin what the bot holds when they are deployed, and no later credential", async () => {
    const { call, openMetadata } = await open();
    const { id, pinned } = openMetadata.addPipeline({ name: "orders", deployed: true });
    expect(pinned).toMatchObject({ authType: "JWT" });
    await pushSso("s1");
    expect(pipeline("orders")?.pinned).toEqual(pinned);
    expect(await call(`POST ${PIPELINES}/deploy/${id}`)).toMatchObject({ status: 200, body: { code: 200 } });
    await pushSso("s2");
    expect(pipeline("orders")?.pinned).toEqual(world.azureSso("s1"));
  });

  it("deployed in bulk fail one by one, under a 200", async () => {
    const { call, openMetadata } = await open();
    const good = openMetadata.addPipeline({ name: "orders", deployed: false });
    const bad = openMetadata.addPipeline({ name: "sales", deployed: true, deployFails: true });
    await pushSso("s1");
    const nobody = "00000000-0000-4000-8000-000000000000";
    const { status, body } = await call(`POST ${PIPELINES}/bulk/deploy`, { body: [good.id, bad.id, nobody] });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: [
        { code: 200, platform: "Airflow" },
        { code: 500, reason: expect.stringContaining(`Error deploying [${bad.id}] due to [`), platform: "Airflow" },
        {
          code: 500,
          reason: `Error deploying [${nobody}] due to [ingestionPipeline instance for ${nobody} not found]`,
        },
      ],
    });
    expect(pipeline("orders")).toMatchObject({ deployed: true, pinned: world.azureSso("s1") });
    expect(pipeline("sales")?.pinned).toMatchObject({ authType: "JWT" });
    openMetadata.setDeployFails("sales", false);
    await call(`POST ${PIPELINES}/bulk/deploy`, { body: [bad.id] });
    expect(pipeline("sales")?.pinned).toEqual(world.azureSso("s1"));
  });

  it("deployed one by one answer 400 for a failure and 404 for what is not there", async () => {
    const { call, openMetadata } = await open();
    const { id } = openMetadata.addPipeline({ name: "orders", deployed: false, deployFails: true });
    expect((await call(`POST ${PIPELINES}/deploy/${id}`)).status).toBe(400);
    expect((await call(`POST ${PIPELINES}/deploy/00000000-0000-4000-8000-000000000000`)).status).toBe(404);
    expect(pipeline("orders")).toMatchObject({ deployed: false });
  });

  it("are deployed by administrators only", async () => {
    const { call, tenant, openMetadata } = await open();
    openMetadata.createUser({ name: "ann" });
    const token = await tenant.sign({ sub: "ann" });
    const { id } = openMetadata.addPipeline({ name: "orders", deployed: false });
    expect((await call(`GET ${PIPELINES}`, { token })).status).toBe(200);
    expect((await call(`POST ${PIPELINES}/deploy/${id}`, { token })).status).toBe(403);
    expect((await call(`POST ${PIPELINES}/bulk/deploy`, { token, body: [id] })).status).toBe(403);
    const nobody = "00000000-0000-4000-8000-000000000000";
    expect(await call(`POST ${PIPELINES}/bulk/deploy`, { token, body: [nobody] })).toMatchObject({
      status: 200,
      body: [{ code: 500 }],
    });
  });

  it("may fail under a 200 whose body says 500", async () => {
    const { call, openMetadata } = await open();
    openMetadata.options.failureInBody = true;
    const { id } = openMetadata.addPipeline({ name: "orders", deployed: false, deployFails: true });
    expect(await call(`POST ${PIPELINES}/deploy/${id}`)).toMatchObject({ status: 200, body: { code: 500 } });
    expect(pipeline("orders")).toMatchObject({ deployed: false });
  });

  it("are shown up to 1.6 with what the bot holds, a client secret masked, a token in clear", async () => {
    const { call, openMetadata, tenant } = await open();
    openMetadata.addPipeline({ name: "orders", deployed: true });
    const token = await tenant.sign({ sub: "admin" });
    const connection = async () => {
      const { body } = await call(`GET ${PIPELINES}`, { token });
      return (body as { data: { openMetadataServerConnection?: object }[] }).data[0]?.openMetadataServerConnection;
    };
    expect(await connection()).toMatchObject({ securityConfig: { jwtToken: expect.stringMatching(/^eyJ/) } });
    await pushSso("s1");
    expect(await connection()).toMatchObject({ authProvider: "azure", securityConfig: { clientSecret: "*********" } });
    openMetadata.options.release = "1.12.6";
    expect(await connection()).toBeUndefined();
  });

  it("make the server fail where a page is asked for by a cursor that it never gave", async () => {
    const { call } = await open({ release: "1.12.6" });
    expect((await call(`GET ${PIPELINES}?limit=100&after=zzz`)).status).toBe(500);
  });

  it.each(["0.13.2", "1.1.0"] as const)(
    "cannot be deployed in bulk up to %s, and one by one answer with the pipeline",
    async (release) => {
      const { call, openMetadata } = await open({ release });
      const { id } = openMetadata.addPipeline({ name: "orders", deployed: false });
      expect(await call(`POST ${PIPELINES}/bulk/deploy`, { body: [id] })).toMatchObject({
        status: 500,
        body: { responseMessage: expect.stringContaining("HTTP 404 Not Found") },
      });
      expect((await call(`POST ${PIPELINES}/deploy/${id}`)).body).toMatchObject({ name: "orders", deployed: true });
    },
  );

  it("cannot be deployed any more once a newer release finds the bot left at SSO", async () => {
    const { call, openMetadata } = await open();
    const { id } = openMetadata.addPipeline({ name: "orders", deployed: true });
    await pushSso("s1");
    openMetadata.options.release = "1.5.13";
    expect(await call(`POST ${PIPELINES}/deploy/${id}`)).toMatchObject({
      status: 400,
      body: { message: "Not supported authentication mechanism type: [SSO]" },
    });
  });
});

describe("runs of a pipeline", () => {
  const START = Date.UTC(2026, 2, 1);
  const statuses = async (from: number, to: number) => {
    const { body } = await world.call(`GET ${PIPELINES}/warehouse.orders/pipelineStatus?startTs=${from}&endTs=${to}`);
    return body as { data: { runId: string; pipelineState: string }[]; paging: object };
  };
  const last = async () => {
    const { body } = await world.call(`GET ${PIPELINES}?fields=pipelineStatuses`);
    return (body as { data: { pipelineStatuses?: object }[] }).data[0]?.pipelineStatuses;
  };

  it.each(["0.13.3", "1.2.5", "1.5.13"] as const)("are told in %s from the queue to the end", async (release) => {
    const { clock, openMetadata } = await open({ release });
    openMetadata.addPipeline({ name: "orders", deployed: true });
    expect([await last(), (await statuses(START, START)).data]).toEqual([undefined, []]);
    const { runId } = openMetadata.startRun("orders", { queued: true });
    expect((await statuses(START + 1, START + 2)).data).toEqual([{ runId, pipelineState: "queued", timestamp: START }]);
    expect(await last()).toBeUndefined();
    await clock.advance(MINUTE);
    openMetadata.startRun("orders");
    const running = { runId, pipelineState: "running", timestamp: START, startDate: START + MINUTE };
    expect([await last(), (await statuses(START, START)).data]).toEqual([running, [running]]);
    await clock.advance(MINUTE);
    openMetadata.endRun("orders", "failed");
    expect(await last()).toEqual({ ...running, pipelineState: "failed", endDate: START + 2 * MINUTE });
  });

  it("are listed the newest first, between two times that the paging repeats", async () => {
    const { call, clock, openMetadata } = await open();
    openMetadata.addPipeline({ name: "orders", deployed: true });
    const ids: string[] = [];
    for (let run = 0; run < 3; run += 1) {
      ids.unshift(openMetadata.startRun("orders", { minutes: 5 }).runId);
      await clock.advance(10 * MINUTE);
    }
    const { data, paging } = await statuses(START + 1, START + 20 * MINUTE);
    expect(data.map(({ runId }) => runId)).toEqual(ids.slice(0, 2));
    expect(data.every(({ pipelineState }) => pipelineState === "success")).toBe(true);
    expect(paging).toEqual({ before: String(START + 1), after: String(START + 20 * MINUTE), total: 2 });
    expect(await call(`GET ${PIPELINES}/warehouse.orders/pipelineStatus/${ids[2]}`)).toMatchObject({
      status: 200,
      body: { runId: ids[2], endDate: START + 5 * MINUTE },
    });
    for (const path of ["warehouse.orders/pipelineStatus", "warehouse.orders/pipelineStatus?startTs=1"]) {
      expect((await call(`GET ${PIPELINES}/${path}`)).status).toBe(400);
    }
    expect((await call(`GET ${PIPELINES}/orders/pipelineStatus?startTs=1&endTs=2`)).status).toBe(404);
  });

  it("are shown with a pipeline only when asked for", async () => {
    const { call, openMetadata } = await open();
    const { id } = openMetadata.addPipeline({ name: "orders", deployed: true });
    openMetadata.startRun("orders");
    for (const path of [id, "name/warehouse.orders"]) {
      expect((await call(`GET ${PIPELINES}/${path}`)).body).not.toHaveProperty("pipelineStatuses");
      expect((await call(`GET ${PIPELINES}/${path}?fields=pipelineStatuses`)).body).toMatchObject({
        pipelineStatuses: { pipelineState: "running" },
      });
    }
    expect((await call(`GET ${PIPELINES}/${id}?fields=secrets`)).status).toBe(400);
    expect((await call(`GET ${PIPELINES}/name/warehouse.sales`)).status).toBe(404);
  });

  it("need a deployed pipeline, and are one at a time", async () => {
    const { openMetadata } = await open();
    openMetadata.addPipeline({ name: "orders", deployed: true });
    openMetadata.addPipeline({ name: "sales", deployed: false });
    openMetadata.startRun("orders");
    expect(() => openMetadata.startRun("orders")).toThrow("it runs already");
    expect(() => openMetadata.startRun("sales")).toThrow("it is not deployed");
    expect(() => openMetadata.endRun("sales")).toThrow("none is under way");
  });
});
