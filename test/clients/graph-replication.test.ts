import { afterEach, describe, expect, it, vi } from "vitest";
import { consents } from "../../shared/clients/graph/consents.ts";
import { graph } from "../../shared/clients/graph/graph.ts";
import { asOwner } from "../../shared/clients/graph/ownership.ts";

const WRITE = { action: "write", path: "/servicePrincipals", body: {} };

afterEach(() => vi.unstubAllGlobals());

/** Graph, as it answers one request after the other; the last answer for good. How often it was asked. */
function answering(...answers: [status: number, words: string][]) {
  let asked = 0;
  let waited = 0;
  vi.stubGlobal("fetch", async () => {
    const [status, message] = answers[Math.min(asked, answers.length - 1)] ?? [500, ""];
    asked += 1;
    const body = status < 400 ? { id: "new" } : { error: { code: "Request_BadRequest", message } };
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  });
  const clock = {
    now: () => new Date("2026-01-01T00:00:00Z"),
    wait: async (milliseconds: number) => {
      waited += milliseconds;
    },
    random: () => 0,
  };
  const client = graph("https://graph.example", async () => "token", clock);
  return { client, asked: () => asked, waited: () => waited };
}

describe("a request about what was just made", () => {
  it.each<[status: number, words: string]>([
    [404, "Resource 'app' does not exist"],
    [
      403,
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ],
    [400, "The appId 'app' of the service principal does not reference a valid application object."],
    [400, "Not a valid reference update."],
    [400, "Permission being assigned was not found on application 'app'"],
    [
      400,
      "Property api.preAuthorizedApplications.delegatedPermissionIds has a Permission Id that cannot be found in the AppPermissions sets.",
    ],
  ])("is repeated where Graph says %i %s", async (status, words) => {
    const { client, asked, waited } = answering([status, words], [status, words], [201, ""]);
    const owner = asOwner(client);
    expect(await owner.onceReplicated(() => owner.post(WRITE))).toEqual({ id: "new" });
    expect(asked()).toBe(3);
    expect(waited()).toBeGreaterThan(0);
  });

  it("is repeated for a minute, and then left to a later call", async () => {
    const { client, asked, waited } = answering([404, "does not exist"]);
    const asking = client.onceReplicated(() => client.post(WRITE));
    await expect(asking).rejects.toMatchObject({ code: "replication-pending", retryAfterSeconds: 30 });
    expect(asked()).toBe(8);
    expect(waited()).toBeLessThanOrEqual(60_000);
  });

  it.each<[status: number, words: string]>([
    [403, "Insufficient privileges to complete the operation."],
    [400, "Invalid value specified for property 'displayName'"],
  ])("is not repeated where no time helps: %i %s", async (status, words) => {
    const { client, asked } = answering([status, words]);
    await expect(client.onceReplicated(() => client.post(WRITE))).rejects.toMatchObject({ status });
    expect(asked()).toBe(1);
  });
});

describe("the assignment of an app role that was just made", () => {
  const wanted = { principalId: "principal", resourceId: "resource", appRoleId: "role" };

  it("waits until Graph knows the role", async () => {
    const { client, asked } = answering(
      [400, "Permission being assigned was not found on application 'app'"],
      [201, ""],
    );
    await consents(client).assignAppRole(wanted);
    expect(asked()).toBe(2);
  });

  it("is done where it exists already", async () => {
    const { client, asked } = answering([400, "Permission being assigned already exists on the object"]);
    await consents(client).assignAppRole(wanted);
    expect(asked()).toBe(1);
  });
});
