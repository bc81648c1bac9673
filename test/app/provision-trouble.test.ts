import { describe, expect, it } from "vitest";
import { amid, answers, loses } from "../../proof/strikes/strike.ts";
import { registration } from "./administrator.ts";
import { type App, HOUR, MINUTE, openApp } from "./app.ts";

const deletedItems = ({ cloud }: App): string => `${cloud.urls.graph}/v1.0/directory/deletedItems`;

describe("POST /api/provision after somebody deleted a registration", () => {
  // The least that the README asks for.
  const app = openApp({ graphPermissions: ["Application.ReadWrite.OwnedBy"] });

  it("names the commands that restore or purge the namesake, without the right to look up its id", async () => {
    await app().post("provision");
    app().cloud.directory.deleteApplication("openmetadata-server");
    const { status, body } = await app().call("POST", "provision");
    expect({ status, body }).toMatchObject({
      status: 409,
      body: {
        status: 409,
        code: "registration-deleted",
        hint: expect.stringMatching(/^Restore it, or delete it permanently, then call again:\n/),
      },
    });
    const itsId = `$(az rest --url '${deletedItems(app())}/microsoft.graph.application?`;
    expect(body.hint).toContain(`\naz rest --method POST --url "${deletedItems(app())}/${itsId}`);
    expect(body.hint).toContain(`\naz rest --method DELETE --url "${deletedItems(app())}/${itsId}`);
  });

  it("puts the id into the commands where it may look it up", async () => {
    const { directory, app: identity } = app().cloud;
    directory.grantGraphPermission(identity.objectId, "Application.Read.All");
    await app().restart();
    const { status, body } = await app().call("POST", "provision");
    const id = directory.deletedApplications()[0]?.application.id;
    expect(status).toBe(409);
    expect(body.hint).toContain(`\naz rest --method POST --url "${deletedItems(app())}/${id}/restore"\n`);
    expect(body.hint).toContain(`\naz rest --method DELETE --url "${deletedItems(app())}/${id}"`);
    expect(directory.deletedApplications()).toHaveLength(1);
  });

  it("takes up the restored registration again, and makes the service principal that restoring does not bring", async () => {
    const clientId = app().cloud.directory.deletedApplications()[0]?.application.appId;
    app().cloud.directory.restoreApplication("openmetadata-server");
    const { body } = await app().post("provision");
    expect(body).toMatchObject({
      steps: [{ kind: "create-service-principal", target: "openmetadata-server", state: "done" }],
      result: { server: { clientId } },
    });
  });
});

describe("POST /api/provision after ingestion's registration was deleted and restored", () => {
  const app = openApp();
  const principal = () => {
    const { appId } = registration(app(), "openmetadata-ingestion");
    return app()
      .cloud.directory.servicePrincipals()
      .find((one) => one.appId === appId)?.id;
  };

  it("has the secret pushed again, since the bot is known by the object id of the service principal", async () => {
    const { directory, openMetadata, ingestion } = app().cloud;
    openMetadata.addPipeline({ name: "warehouse", deployed: true });
    await app().settle();
    await app().clock.advance(HOUR);
    const old = principal();
    const secret = app().latest()?.value;
    directory.deleteApplication("openmetadata-ingestion");
    directory.restoreApplication("openmetadata-ingestion");
    await app().call("POST", "provision", { dryRun: true });
    expect(app().latest()?.tags).toMatchObject({ deliveredOn: expect.any(String), confirmedOn: expect.any(String) });
    await app().post("provision");
    await app().post("consent");
    expect(app().latest()?.tags).not.toHaveProperty("deliveredOn");
    expect(app().latest()?.tags).not.toHaveProperty("confirmedOn");
    const { body } = await app().post("rotate");
    expect(body.steps).toMatchObject([{ kind: "push", because: "not delivered" }]);
    expect([principal() === old, app().latest()?.value]).toEqual([false, secret]);
    const bot = openMetadata.bots().find(({ name }) => name === "ingestion-bot");
    expect(openMetadata.users().find(({ id }) => id === bot?.userId)?.name).toBe(principal());
    ingestion.start();
    await app().clock.advance(HOUR);
    expect([ingestion.signIns() > 0, ingestion.refusals()]).toEqual([true, []]);
  });
});

describe("POST /api/provision while Graph replicates", () => {
  const app = openApp();

  it("waits out a delay of seconds in one call", async () => {
    app().cloud.directory.replication.objects = 20_000;
    const { result, waited } = await timed(app(), () => app().call("POST", "provision"));
    expect(result).toMatchObject({ status: 200, body: { converged: true } });
    expect(waited).toBeLessThanOrEqual(MINUTE);
  });

  it("gives up after a minute, asks to be called again, and converges on one registration of each name", async () => {
    app().cloud.directory.replication.objects = 4 * MINUTE;
    await app().restart({ DEPLOYMENT_NAME: "late" });
    const first = await timed(app(), () => app().call("POST", "provision"));
    expect(first.result).toEqual({
      status: 202,
      retryAfter: 30,
      body: {
        deployment: "late",
        converged: false,
        steps: [{ kind: "create-registration", because: "does not exist", target: "late-server", state: "waiting" }],
        waitingFor: expect.any(String),
        code: "replication-pending",
      },
    });
    expect(first.waited).toBe(MINUTE);
    await app().post("provision");
    expect(named(app(), "late")).toEqual(["late-server", "late-ingestion"]);
    const { appId } = registration(app(), "late-server");
    expect(registration(app(), "late-server").identifierUris).toEqual([`api://${appId}`]);
    const principals = app().cloud.directory.servicePrincipals();
    expect(principals.filter((one) => one.appId === appId)).toHaveLength(1);
  });

  it("makes no second registration when Graph's answers lag behind", async () => {
    app().cloud.directory.replication = { objects: 0, secrets: 0, reads: 3 * MINUTE };
    await app().restart({ DEPLOYMENT_NAME: "stale" });
    await app().post("provision");
    const made = registration(app(), "stale-server");
    const { body } = await app().post("provision");
    expect(body.result).toMatchObject({ server: { clientId: made.appId } });
    expect(named(app(), "stale")).toEqual(["stale-server", "stale-ingestion"]);
    expect(registration(app(), "stale-server")).toEqual(made);
  });
});

describe("POST /api/provision when Graph fails", () => {
  const app = openApp();

  it("answers 503 when the answer to a creation is lost, and converges on that registration", async () => {
    const creation = { service: "graph", method: "PATCH", path: /uniqueName='openmetadata-server'/, times: 1 } as const;
    const lost = await amid(app(), loses(creation), () => app().call("POST", "provision"));
    expect(lost).toMatchObject({ status: 503, retryAfter: 10, body: { code: "graph-unreachable" } });
    const { appId } = registration(app());
    const { body } = await app().post("provision");
    expect(body.result).toMatchObject({ server: { clientId: appId, appIdUri: `api://${appId}` } });
    expect(named(app(), "openmetadata")).toEqual(["openmetadata-server", "openmetadata-ingestion"]);
  });

  it("does not blame the caller for an answer that makes no sense", async () => {
    const nonsense = answers({ service: "graph", method: "GET" }, { status: 200, body: { value: "nonsense" } });
    const { status, body } = await amid(app(), nonsense, () => app().call("POST", "provision"));
    expect({ status, body }).toMatchObject({ status: 503, body: { code: "graph-unreadable" } });
  });
});

describe("POST /api/provision without permission", () => {
  const app = openApp({ graphPermissions: ["Application.Read.All"] });

  it("says which permission is missing, and creates nothing", async () => {
    const { status, body } = await app().call("POST", "provision");
    expect({ status, body }).toMatchObject({
      status: 409,
      body: {
        code: "registration-forbidden",
        detail: expect.stringContaining('Cannot create registration "openmetadata-server"'),
        hint: expect.stringContaining("Application.ReadWrite.OwnedBy"),
      },
    });
    expect(named(app(), "openmetadata")).toEqual([]);
  });

  it("still shows what it would do", async () => {
    const { status, body } = await app().call("POST", "provision", { dryRun: true });
    expect({ status, steps: body.steps?.length }).toEqual({ status: 200, steps: 4 });
  });

  it("goes on where it was once the permission is there", async () => {
    app().cloud.directory.grantGraphPermission(app().cloud.app.objectId, "Application.ReadWrite.OwnedBy");
    await app().restart();
    await app().post("provision");
    expect(named(app(), "openmetadata")).toEqual(["openmetadata-server", "openmetadata-ingestion"]);
  });
});

/** Names of the registrations of a deployment. */
function named({ cloud }: App, deployment: string): string[] {
  const names = cloud.directory.applications().flatMap(({ uniqueName }) => uniqueName ?? []);
  return names.filter((name) => name.startsWith(`${deployment}-`));
}

/** With the milliseconds that the clock of the world went on meanwhile. */
async function timed<T>({ clock }: App, run: () => Promise<T>): Promise<{ result: T; waited: number }> {
  const began = clock.now().getTime();
  const result = await run();
  return { result, waited: clock.now().getTime() - began };
}
