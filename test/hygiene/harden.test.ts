import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { administrators } from "../../shared/clients/open-metadata/administrators.ts";
import { bots } from "../../shared/clients/open-metadata/bots.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { fullSettings } from "../../shared/clients/open-metadata/full-settings.ts";
import { securityConfiguration } from "../../shared/clients/open-metadata/security-configuration.ts";
import { system } from "../../shared/clients/open-metadata/system.ts";
import { harden } from "../../shared/hygiene/harden.ts";
import type { Ports } from "../../shared/hygiene/ports.ts";
import type { LogEvent } from "../../shared/log.ts";
import { openWorld, type World } from "../local/openmetadata-world.ts";

let world: World;
let log: LogEvent[];
let ports: Ports;
const writes: string[] = [];
afterEach(() => world.close());

/** A server with its default admin, which it does not list any more, and with alice, who administers it. */
async function open(changes: Partial<OpenMetadataOptions> = {}): Promise<void> {
  world = await openWorld({ release: "1.9.17", ...changes });
  world.openMetadata.options.adminPrincipals = ["alice"];
  world.openMetadata.createUser({ name: "alice", isAdmin: true });
  world.openMetadata.createUser({ name: "bob" });
  log = [];
  writes.length = 0;
  world.faults.push(({ method, path }) => {
    if (method !== "GET") writes.push(`${method} ${path}`);
    return undefined;
  });
  const calls = openMetadataCalls(world.url, async () => world.admin);
  const told = system(calls);
  const settings = fullSettings(told.signInConfiguration, securityConfiguration(calls));
  ports = {
    deployment: { name: "production", initialAdmins: ["alice@example.com"] },
    server: { ...told, ...bots(calls), ...administrators(calls), settings },
    vault: "openmetadata-kv",
    ownObjectId: async () => "own-object-id",
    log: (event) => void log.push(event),
  };
}
const run = ({ dryRun = false, adminNotListed = true } = {}) => harden(ports, { dryRun, adminNotListed });
const answers = (fits: (path: string) => boolean, body: unknown, status = 200): void => {
  const response = () => Response.json(body, { status, headers: { "x-injected-fault": "1" } });
  world.faults.push(({ path }) => (fits(path) ? { kind: "answer", response } : undefined));
};
const isThere = () => world.openMetadata.users().some(({ name }) => name === "admin");
const STEP = { kind: "delete-default-admin", because: "everybody knows its password", target: "admin" };

describe("harden()", () => {
  beforeEach(() => open());

  it("deletes the default admin for good, and tells who is left", async () => {
    expect(await run()).toEqual({
      steps: [{ ...STEP, state: "done" }],
      result: { defaultAdmin: "absent", administrators: ["alice"] },
    });
    expect(isThere()).toBe(false);
    expect(writes).toEqual(["DELETE /api/v1/users/name/admin?hardDelete=true"]);
    expect(log).toMatchObject([{ state: "begun" }, { state: "done", message: expect.stringContaining("hardening") }]);
  });

  it("only says what it would do when asked to", async () => {
    expect(await run({ dryRun: true })).toEqual({
      steps: [{ ...STEP, state: "planned" }],
      result: { defaultAdmin: "present", administrators: ["alice"] },
    });
    expect(writes).toEqual([]);
    expect(log).toMatchObject([{ state: "planned", message: expect.stringContaining("hardening") }]);
  });

  it("does nothing where it is gone", async () => {
    await run();
    writes.length = 0;
    for (const dryRun of [true, false]) {
      expect(await run({ dryRun })).toEqual({
        steps: [],
        result: { defaultAdmin: "absent", administrators: ["alice"] },
      });
    }
    expect(writes).toEqual([]);
  });

  it("counts nobody as an administrator because a release ignores what it is asked for", async () => {
    ports.deployment.initialAdmins = ["bob"];
    const everybody = world.openMetadata
      .users()
      .map(({ name, email, isAdmin, isBot }) => ({ name, email, isAdmin, isBot }));
    answers((path) => path.includes("isAdmin=true"), { data: everybody, paging: {} });
    await expect(run()).rejects.toMatchObject({
      code: "administrators-missing",
      message: expect.stringContaining('"bob"'),
      hint: expect.stringContaining("Make bob administrators"),
    });
    expect(writes).toEqual([]);
  });

  it("believes no success of a server that keeps it", async () => {
    answers((path) => path.includes("hardDelete"), { name: "admin" });
    await expect(run()).rejects.toMatchObject({
      code: "openmetadata-not-updated",
      message: expect.stringContaining('user "admin" still exists'),
      hint: expect.stringContaining("Settings > Users"),
    });
  });

  it.each([
    ["nobody else is named", [], "administrators-missing", "INITIAL_ADMINS"],
    ["the one who is named is none", ["bob"], "administrators-missing", "Make bob administrators"],
  ])("refuses where %s", async (_, initialAdmins, code, hint) => {
    ports.deployment.initialAdmins = initialAdmins;
    await expect(run()).rejects.toMatchObject({
      code,
      message: expect.stringContaining('Cannot delete the default admin of deployment "production": '),
      hint: expect.stringContaining(hint),
    });
    expect(writes).toEqual([]);
  });

  it("refuses where the app itself signs in as it", async () => {
    answers((path) => path.includes("/loggedInUser"), { id: "1", name: "admin", isAdmin: true });
    await expect(run()).rejects.toMatchObject({
      code: "default-admin-in-use",
      hint: expect.stringContaining("unset OPENMETADATA_TOKEN_SECRET"),
    });
  });

  it.each([
    [401, undefined],
    [403, undefined],
    [404, undefined],
    [401, "admin-token"],
  ])("says how the app gets in where the server answers it %i", async (status, openMetadataTokenSecret) => {
    ports.deployment.openMetadataTokenSecret = openMetadataTokenSecret;
    answers((path) => path.includes("/loggedInUser"), { code: status, message: "no" }, status);
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: "StalledError",
      code: "openmetadata-forbidden",
      message: expect.stringMatching(
        /^Cannot delete the default admin of deployment "production": Cannot read the user/,
      ),
      hint: openMetadataTokenSecret
        ? expect.stringMatching(
            /^Store the token of an administrator's bot .* "admin-token".*:\n.* --vault-name openmetadata-kv --name admin-token /,
          )
        : expect.stringMatching(/^Add own-object-id to AUTHORIZER_ADMIN_PRINCIPALS and restart the server; /),
      cause: { cause: { status } },
    });
    expect(writes).toEqual([]);
  });

  it("says the same where the app's user is no administrator", async () => {
    answers((path) => path.includes("/loggedInUser"), { id: "1", name: "own-object-id", isAdmin: false });
    await expect(run()).rejects.toMatchObject({
      code: "openmetadata-forbidden",
      message: expect.stringContaining('user "own-object-id" is not an OpenMetadata administrator'),
      hint: expect.stringContaining("Add own-object-id"),
    });
  });

  it("does not count itself among those who administer the server", async () => {
    world.openMetadata.createEntraUser("own-object-id", { isAdmin: true });
    answers((path) => path.includes("/loggedInUser"), { id: "1", name: "own-object-id", isAdmin: true });
    expect((await run({ dryRun: true })).result.administrators).toEqual(["alice"]);
  });

  it("leaves a server that is unwell to the next call", async () => {
    answers((path) => path.includes("/loggedInUser"), { code: 500, message: "boom" }, 500);
    await expect(run()).rejects.toMatchObject({ name: "UpstreamError", code: "openmetadata-unavailable" });
  });
});

describe("the list of administrators", () => {
  const listing = (body: object) => answers((path) => path.includes("/config/authorizer"), body);

  it.each([
    ["by name", { adminPrincipals: ["admin"] }],
    ["in 2.x by address", { adminPrincipals: [], adminEmails: ["admin@example.com"] }],
    ["in 2.x by address alone", { adminEmails: ["admin@example.com"] }],
  ])("keeps the default admin where it names it %s: the next restart would make it anew", async (_, body) => {
    await open();
    listing({ principalDomain: "example.com", ...body });
    await expect(run()).rejects.toMatchObject({
      code: "default-admin-configured",
      hint: expect.stringContaining('Remove "admin" from AUTHORIZER_ADMIN_PRINCIPALS'),
    });
    expect(writes).toEqual([]);
  });

  it.each([
    ["by name", { adminPrincipals: ["admin"] }],
    ["by address", { adminEmails: ["admin@example.com"] }],
  ])("keeps it where only what the server has stored names it, %s", async (_, authorizerConfiguration) => {
    await open({ release: "1.12.6" });
    answers((path) => path.includes("/security/config"), {
      authenticationConfiguration: { provider: "azure" },
      authorizerConfiguration,
    });
    await expect(run()).rejects.toMatchObject({ code: "default-admin-configured" });
    expect(writes).toEqual([]);
  });

  it("must be looked at by a person where no release tells it, whose word is told with the answer", async () => {
    await open({ release: "1.12.6" });
    answers((path) => path.includes("/security/config"), { authenticationConfiguration: {} });
    await expect(run({ adminNotListed: false })).rejects.toMatchObject({
      code: "default-admin-configured",
      hint: expect.stringContaining('{"adminNotListed":true}'),
    });
    expect(writes).toEqual([]);
    expect((await run()).result).toMatchObject({
      defaultAdmin: "absent",
      unseen: expect.stringContaining('in the server\'s environment lists "admin"'),
    });
  });
});
