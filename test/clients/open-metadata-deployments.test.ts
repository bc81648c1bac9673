import { afterEach, describe, expect, it, vi } from "vitest";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { pipelines } from "../../shared/clients/open-metadata/pipelines.ts";
import { openWorld, type World } from "../local/openmetadata-world.ts";

let world: World;
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

const client = () => pipelines(openMetadataCalls(world.url, async () => world.admin));
async function open(count: number, changes: Partial<OpenMetadataOptions> = {}): Promise<void> {
  world = await openWorld({ release: "1.2.5", ...changes });
  for (let place = 0; place < count; place += 1) {
    world.openMetadata.addPipeline({ name: `pipeline-${String(place).padStart(3, "0")}`, deployed: true });
  }
}
/** Answers to deployments, one after the other, the last one again and again. */
function answers(...given: [status: number, body: unknown][]): void {
  let count = 0;
  world.faults.push(({ path }) => {
    // Up to 1.1 there is no call for several.
    const isBulk = path.endsWith("/bulk/deploy");
    if (!path.includes("/deploy") || (isBulk && world.openMetadata.options.release === "1.1.0")) return undefined;
    const [status, body] = given[Math.min(count, given.length - 1)] ?? [];
    count += 1;
    const response = () => Response.json(body, { status: status ?? 200, headers: { "x-injected-fault": "1" } });
    return { kind: "answer", response };
  });
}
const deploy = async (milliseconds = 60_000) => client().deploy(await client().pipelines(), milliseconds);
/** One by one up to 1.1, together from 1.2 on. */
const RELEASES = ["1.1.0", "1.2.5"] as const;

describe.each(RELEASES)("deployments by OpenMetadata %s", (release) => {
  it("leave none out, however many there are", async () => {
    await open(245, { release });
    await world.call("PUT /v1/users", {
      body: {
        ...{ name: "ingestion-bot", email: "ingestion-bot@example.com", isBot: true, botName: "ingestion-bot" },
        authenticationMechanism: world.azureSso("first-secret"),
      },
    });
    const found = await deploy();
    expect(found.map(({ ok }) => ok)).toEqual(found.map(() => true));
    expect(found).toHaveLength(245);
    const secrets = world.openMetadata.pipelines().map(({ pinned }) => pinned?.authType);
    expect(new Set(secrets)).toEqual(new Set(["SSO"]));
  });

  it("of none send nothing", async () => {
    await open(0, { release });
    const sent: string[] = [];
    world.faults.push(({ method, path }) => {
      sent.push(`${method} ${path}`);
      return undefined;
    });
    expect(await client().deploy([], 60_000)).toEqual([]);
    expect(sent).toEqual([]);
  });

  it("are none where the pipeline service is switched off, though the answer is 200", async () => {
    await open(2, { release, runnerDisabled: true });
    expect(await deploy()).toEqual([
      { pipeline: "pipeline-000", ok: false, reason: "Pipeline Client Disabled" },
      { pipeline: "pipeline-001", ok: false, reason: "Pipeline Client Disabled" },
    ]);
  });

  it("have failed where the body says so, though the answer is 200", async () => {
    await open(2, { release, failureInBody: true });
    world.openMetadata.setDeployFails("pipeline-001", true);
    expect(await deploy()).toMatchObject([
      { pipeline: "pipeline-000", ok: true },
      { pipeline: "pipeline-001", ok: false, reason: expect.stringContaining("Airflow is unreachable") },
    ]);
  });

  it("get the time that they are given, and no more", async () => {
    await open(1, { release });
    const found = await client().pipelines();
    const limits = vi.spyOn(AbortSignal, "timeout");
    await client().deploy(found, 43_210);
    expect(new Set(limits.mock.calls.map(([limit]) => limit))).toEqual(new Set([43_210]));
  });
});

describe("one by one, a pipeline", () => {
  it.each<[what: string, status: number, body: unknown, ok: boolean, reason: string]>([
    ["that the server shows as deployed is", 200, { id: "1", deployed: true }, true, ""],
    ["that the server shows as not deployed is not", 200, { id: "1", deployed: false }, false, ""],
    ["is not where the status says so", 500, { code: 500, message: "boom" }, false, "boom"],
    ["is not where only the status says so", 400, { code: 200, reason: "done" }, false, "done"],
    ["is not where only the code says so", 200, { code: 400, reason: "no" }, false, "no"],
    ["is where nothing says otherwise", 200, {}, true, ""],
  ])("%s", async (_, status, body, ok, reason) => {
    await open(1, { release: "1.1.0" });
    answers([status, body]);
    expect(await deploy()).toEqual([{ pipeline: "pipeline-000", ok, reason }]);
  });

  it("that fails keeps none of the others from being deployed", async () => {
    await open(3, { release: "1.1.0" });
    world.openMetadata.setDeployFails("pipeline-001", true);
    expect((await deploy()).map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  it("after which the server goes away is the last that is told of", async () => {
    await open(3, { release: "1.1.0" });
    let count = 0;
    world.faults.push(({ path }) => {
      if (path.includes("/deploy/")) count += 1;
      return count > 2 ? { kind: "refuse" } : undefined;
    });
    expect(await deploy()).toHaveLength(2);
    await expect(deploy()).rejects.toMatchObject({ status: 0, transient: true });
  });
});

describe("together", () => {
  it("one that the server returns no result for is not deployed", async () => {
    await open(2);
    answers([200, [{ code: 200, reason: "created" }]]);
    expect(await deploy()).toEqual([
      { pipeline: "pipeline-000", ok: true, reason: "created" },
      { pipeline: "pipeline-001", ok: false, reason: "OpenMetadata returned no result for it" },
    ]);
  });

  it.each([404, 405])("is one by one where the server answers %i to that", async (status) => {
    await open(1);
    answers([status, { code: status, message: "HTTP" }], [200, { code: 200, reason: "created" }]);
    expect(await deploy()).toEqual([{ pipeline: "pipeline-000", ok: true, reason: "created" }]);
  });

  it("fails where the server refuses the call", async () => {
    await open(1);
    answers([403, { code: 403, message: "no" }]);
    await expect(deploy()).rejects.toMatchObject({
      message: 'Cannot deploy the ingestion pipelines: OpenMetadata answered 403 "no"',
    });
  });
});

describe.each(RELEASES)("what OpenMetadata %s says of a deployment", (release) => {
  it("is told without the token that it was sent", async () => {
    await open(1, { release });
    const said = { code: 500, reason: `refused ${world.admin}, or ${world.admin.slice(0, 80)}` };
    answers([200, release === "1.1.0" ? said : [said]]);
    const [told] = await deploy();
    expect(told).toMatchObject({ ok: false, reason: expect.stringContaining("refused") });
    expect(told?.reason).not.toContain(world.admin.slice(0, 40));
  });
});
