import { afterEach, describe, expect, it } from "vitest";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { openWorld, type World } from "./openmetadata-world.ts";

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
  });

  it("cannot be deployed in bulk in 0.13, and one by one answer with the pipeline", async () => {
    const { call, openMetadata } = await open({ release: "0.13.3" });
    const { id } = openMetadata.addPipeline({ name: "orders", deployed: false });
    expect((await call(`POST ${PIPELINES}/bulk/deploy`, { body: [id] })).status).toBe(404);
    expect((await call(`POST ${PIPELINES}/deploy/${id}`)).body).toMatchObject({ name: "orders", deployed: true });
  });

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
