import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MINUTE, openApp, SECRET } from "../app/app.ts";
import { tasksOf } from "./azure-devops.ts";
import { actionStep, stepsOf } from "./github.ts";
import { type Ended, MISSING, type Runner, startRunner } from "./runner.ts";
import { type Context, named } from "./step.ts";

if (MISSING.length > 0)
  process.stderr.write(`skipped: the steps of the pipelines, for want of ${MISSING.join(", ")}\n`);

const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
let runner: Runner;

beforeAll(async () => {
  runner = await startRunner(app().clock);
  const { directory, openMetadata } = app().cloud;
  openMetadata.addPipeline({ name: "warehouse", deployed: true });
  directory.replication = { objects: 3_000, secrets: 5_000, reads: 1_000 };
});

afterAll(() => runner.close());

const variables = () => ({
  AZURE_CLIENT_ID: "3f0e2f2a-6a7f-4d5e-8f8e-0c0a1c7b5d11",
  AZURE_TENANT_ID: app().cloud.directory.tenantId,
  OPENMETADATA_ENTRA_URL: app().host.url,
  OPENMETADATA_ENTRA_AUDIENCE: app().cloud.app.audience,
});

/** Signs the pipeline in and runs a workflow's shell steps until one fails. Whatever happens, the token stays unseen. */
async function onGitHub(path: string, given: Context = {}): Promise<Ended[]> {
  runner.token = await app().cloud.callerToken(["Automation.Run"]);
  const known = { ...named("vars", variables()), ...given };
  const all: Ended[] = [];
  for (const step of await stepsOf(path)) {
    const ready = step(known);
    const ended = await runner.run(ready);
    all.push(ended);
    Object.assign(known, named(`steps.${ready.id}.outputs`, ended.outputs));
    if (ended.code !== 0) break;
  }
  return unseen(all);
}

async function onAzureDevOps(path: string, given: Context = {}): Promise<Ended[]> {
  runner.token = await app().cloud.callerToken(["Automation.Run"]);
  const all: Ended[] = [];
  for (const step of await tasksOf(path, given, variables())) {
    all.push(await runner.run(step, "azure-devops"));
    if (all.at(-1)?.code !== 0) break;
  }
  return unseen(all);
}

async function unseen(all: Ended[]): Promise<Ended[]> {
  const token = runner.token ?? "";
  for (const { said } of all) expect(said).not.toContain(token);
  expect((await runner.commandLines()).join("\n")).not.toContain(token);
  return all;
}

const codes = (all: Ended[]) => all.map(({ code }) => code);
const issued = () => app().inEntra().length;

describe.skipIf(MISSING.length > 0)("provision-and-rotate", () => {
  it("on GitHub sets everything up in one run", async () => {
    const all = await onGitHub("examples/github/provision-and-rotate.yml");
    expect(codes(all), all.at(-1)?.said).toEqual([0, 0, 0]);
    expect(app().held()).toBe(app().latest(SECRET)?.value);
    expect(all[2]?.said).toMatch(/"converged": true/);
  });

  it("on Azure DevOps changes nothing where all is well", async () => {
    const secrets = issued();
    const all = await onAzureDevOps("examples/azure-devops/provision-and-rotate.yml");
    expect(codes(all), all.at(-1)?.said).toEqual([0, 0, 0]);
    expect(all.map(({ waits }) => waits)).toEqual([[], [], []]);
    expect(issued()).toBe(secrets);
  });

  it("signs in for the app's own audience", async () => {
    const scope = `api://${app().cloud.app.audience}/.default`;
    expect((await runner.commandLines()).filter((line) => line.startsWith("az")).at(-1)).toBe(
      `az account get-access-token --scope ${scope} --query accessToken --output tsv`,
    );
  });
});

describe.skipIf(MISSING.length > 0)("leaked-secret", () => {
  it.each([
    {
      where: "GitHub",
      leak: () => onGitHub("examples/github/leaked-secret.yml", named("inputs", { credential: "all", deployment: "" })),
    },
    { where: "Azure DevOps", leak: () => onAzureDevOps("examples/azure-devops/leaked-secret.yml") },
  ])("on $where goes on with one rotation while Entra needs ten minutes to know the new secret", async ({ leak }) => {
    app().cloud.directory.replication.secrets = 10 * MINUTE;
    const before = app().latest()?.value;
    app().mark();
    const all = await leak();
    const last = all.at(-1);
    expect(last?.code, last?.said).toBe(0);
    expect(last?.waits.length).toBeGreaterThan(1);
    expect(last?.said).toMatch(/POST \/api\/rotate answered 202: .+\. Trying again in \d+ s/);
    expect(
      app()
        .requests("graph")
        .filter((line) => line.endsWith("/addPassword")),
    ).toHaveLength(1);
    expect(issued()).toBe(1);
    expect(app().held()).toBe(app().latest()?.value);
    expect(app().held()).not.toBe(before);
  });

  it("names the credential that is chosen", async () => {
    app().cloud.directory.replication.secrets = 0;
    const given = { credential: "ingestion-client-secret" };
    const before = app().latest()?.value;
    for (const all of [
      await onGitHub("examples/github/leaked-secret.yml", named("inputs", { ...given, deployment: "openmetadata" })),
      await onAzureDevOps("examples/azure-devops/leaked-secret.yml", given),
    ]) {
      expect(codes(all).at(-1), all.at(-1)?.said).toBe(0);
      expect(all.at(-1)?.said).not.toContain('"credential": "bot-token"');
    }
    expect(app().latest()?.value).not.toBe(before);
  });
});

describe.skipIf(MISSING.length > 0)("nightly-status", () => {
  const both = async () => [
    ...(await onGitHub("examples/github/nightly-status.yml")),
    ...(await onAzureDevOps("examples/azure-devops/nightly-status.yml")),
  ];

  it("fails on what is red, and says what to do", async () => {
    const all = await both();
    expect(codes(all)).toEqual([1, 1]);
    for (const { said } of all) {
      expect(said).toMatch(
        /\nopenmetadata: warning default-admin: The default admin still exists.* call POST .api.harden/,
      );
      expect(said).toMatch(/(::error::|##vso\[task\.logissue type=error\])GET \/api\/status: 1 red, the first: openm/);
    }
  });

  it("is green where nothing is red", async () => {
    const { openMetadata, app: own, urls } = app().cloud;
    openMetadata.options.adminPrincipals = [own.objectId];
    await fetch(`${urls.openMetadata}/api/v1/users/name/admin`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${openMetadata.adminBotToken()}` },
    });
    const all = await both();
    expect(all[0]?.said).toContain('"stage": "delivered"');
    expect(codes(all), all[0]?.said).toEqual([0, 0]);
  });
});

describe.skipIf(MISSING.length > 0)("configuration", () => {
  it("is kept for the steps that follow as it was answered", async () => {
    runner.token = await app().cloud.callerToken(["Automation.Read"]);
    const { OPENMETADATA_ENTRA_URL: url, OPENMETADATA_ENTRA_AUDIENCE: audience } = variables();
    const ended = await runner.run(await actionStep({ url, audience, call: "configuration?format=docker" }));
    expect(ended.code, ended.said).toBe(0);
    const kept = await readFile(ended.outputs.answer ?? "", "utf8");
    expect(kept).toContain("AUTHENTICATION_PROVIDER=azure");
    expect(ended.said).toBe(kept);
  });
});
