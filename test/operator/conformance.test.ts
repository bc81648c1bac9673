import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Difference, NotThere } from "../../operator/conformance/case.ts";
import { CASES } from "../../operator/conformance/cases/all.ts";
import { NOT_TRIED } from "../../operator/conformance/cases/not-tried.ts";
import { anonymous, knownIn, report } from "../../operator/conformance/report.ts";
import { type Outcome, type Result, runCases } from "../../operator/conformance/run.ts";
import { throwAway } from "../../operator/conformance/throw-away.ts";
import { openShell } from "./azure-cli.ts";
import { EVERYTHING, openWorld, PERMISSIONS, PREFIX, type World } from "./conformance-world.ts";

let world: World;
let cloud: World["cloud"];

beforeAll(async () => {
  world = await openWorld();
  ({ cloud } = world);
});
afterAll(() => world.close());

const again = (run: string, roles?: string[]) => world.access(run, roles);
const remains = () => world.remains();
const silent = { tell: () => {} };
/** What only somebody with fewer rights can try. */
const SIGN_IN_OTHERWISE = ["graph-add-owner", "graph-assign-by-application-rights"];

describe("the stand-ins", () => {
  const results = new Map<string, Result>();
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await runCases(again("first"), EVERYTHING, { tell: (one) => void results.set(one.id, one) });
  }, 60_000);

  it.each(CASES.map(({ id, claim }) => [id, claim] as const))("%s: %s", (id) => {
    expect(results.get(id)).toMatchObject({ state: SIGN_IN_OTHERWISE.includes(id) ? "skipped" : "holds" });
  });

  it("are left as they were", () => {
    expect(remains()).toEqual([]);
  });

  it("are told of in a report without anything that tells whose tenant it was", () => {
    const access = again("first");
    const known = knownIn(access);
    const text = report(outcome, { release: "0.1.0", on: world.clock.now(), known, prefix: PREFIX });
    expect(text).toContain(`${CASES.length - SIGN_IN_OTHERWISE.length} hold, 0 differ`);
    for (const { appId } of cloud.directory.servicePrincipals()) expect(text).not.toContain(appId);
    const names = Object.values(world.ids).map((id) => id.split("/").at(-1) ?? "");
    const hosts = [world.appUrl, world.armUrl, cloud.urls.vault].map((url) => new URL(url).host);
    for (const one of [access.tenantId, access.ownId, PREFIX, ...hosts]) expect(text).not.toContain(one);
    for (const one of names.filter((name) => name.length > 2)) expect(text).not.toContain(one);
  });
});

describe("a run", () => {
  it("tries only what it was offered, and says what the others need", async () => {
    const { results } = await runCases(
      again("second"),
      { offered: [], only: ["vault-set", "graph-patch-absent"] },
      silent,
    );
    expect(results.map(({ id, state, seen }) => [id, state, seen])).toEqual([
      ["graph-patch-absent", "holds", ""],
      ["vault-set", "skipped", "needs --vault"],
    ]);
  });

  it("sees a service that does otherwise, and one that fails, and removes all the same what it made", async () => {
    cloud.wire.faults.push(({ method, path, body }) => {
      if (method === "PATCH" && body.includes("both.example.com"))
        return { kind: "answer", response: () => new Response(null, { status: 204 }) };
      return method === "POST" && path.includes("addPassword") ? { kind: "refuse" } : undefined;
    });
    const only = ["graph-redirect-uri-once", "graph-secret-once"];
    const { results } = await runCases(again("third"), { offered: [], only }, silent);
    cloud.wire.faults.splice(0);
    expect(results).toMatchObject([
      { state: "differs", seen: 'expected {"status":400}, seen 204' },
      { state: "untried" },
    ]);
    expect(remains()).toEqual([]);
  });

  it("removes what it made when it is ended in the middle", async () => {
    const ending = new AbortController();
    const { results } = await runCases(again("fourth"), EVERYTHING, {
      tell: () => ending.abort(),
      signal: ending.signal,
    });
    expect(results).toHaveLength(1);
    expect(remains()).toEqual([]);
  });

  it("waits for what spreads slowly", async () => {
    cloud.directory.replication = { objects: 3_000, secrets: 5_000, reads: 1_000 };
    const only = ["entra-new-secret", "entra-token-for-itself", "graph-creator-owns"];
    const { results } = await runCases(again("fifth"), { offered: [], only }, silent);
    cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    expect(results.map(({ state, seen }) => `${state} ${seen}`)).toEqual([
      "holds 1 owners",
      "holds ",
      expect.stringMatching(/^holds taken at attempt [2-9]/),
    ]);
  });
});

describe("what is thrown away", () => {
  it("goes newest first, whatever fails on the way, and says what stays", async () => {
    const thrown = throwAway();
    const order: string[] = [];
    for (const what of ["first", "second", "third"]) {
      thrown.add(what, async () => {
        order.push(what);
        if (what === "second") throw new Error("refused");
        return what === "first" ? "kept for 30 days" : undefined;
      });
    }
    expect(await thrown.removeAll()).toEqual(["second: not deleted (refused)", "first: kept for 30 days"]);
    expect(order).toEqual(["third", "second", "first"]);
    expect(await thrown.removeAll()).toEqual([]);
  });
});

describe("the report", () => {
  it("hides ids, versions, addresses, domains, names, hosts and secrets", () => {
    const said = `app 5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11 of a.person@contoso.com in contoso.onmicrosoft.com, version 0123456789abcdef0123456789abcdef of ${PREFIX}-7 in kv.vault.azure.net at /subscriptions/abc/resourceGroups/rg-x/providers/Microsoft.Web/sites/my-app/config/x with abc8Q~0123456789012345678901234567890`;
    expect(anonymous(said, ["kv.vault.azure.net"], PREFIX)).toBe(
      "app <id> of <address> in <domain>, version <version> of <name> in <known> at /subscriptions/<name>/resourceGroups/<name>/providers/Microsoft.Web/sites/<name>/config/<name> with ***",
    );
  });

  it("hides the address of whoever was turned away, and hosts and names that nobody named", () => {
    const said =
      "Client address: 203.0.113.7, host stfoo.queue.core.windows.net, func-x.azurewebsites.net, Vault: KV-one; evgst-om is not evgst-om-2";
    expect(anonymous(said, ["kv-one", "evgst-om"], PREFIX)).toBe(
      "Client address: <address>, host <host>, <host>, Vault: <known>; <known> is not evgst-om-2",
    );
  });

  it("says what no case tries, why not, and what to do instead", () => {
    const on = new Date("2031-03-03T12:00:00Z");
    const written = report({ results: [], left: [] }, { release: "1", on, known: [], prefix: PREFIX });
    for (const { what, because, instead } of NOT_TRIED)
      expect(written).toContain(`- ${what}: ${because}. Instead: ${instead}.`);
  });
});

describe("npm run conformance", () => {
  it("lists without a sign-in what it would make, and refuses what makes no sense", async () => {
    const shell = await openShell({ token: undefined, certificate: cloud.certificate.cert, env: {} });
    const command = (args: string[]) => shell.run("node", ["operator/conformance/main.ts", ...args]);
    const dry = await command(["--dry-run", "--vault", "https://kv.vault.azure.net"]);
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(dry.stdout).toContain("makes: an app registration, a service principal, a client secret");
    expect(dry.stdout).toMatch(/Not with these options:[\s\S]*queue-encoding +--vault --topic --subscribe/);
    expect(await command(["--colour"])).toMatchObject({ code: 2, stdout: "" });
    expect(await command([])).toMatchObject({ code: 1, stderr: expect.stringContaining("az login") });
    await shell.close();
  });
});

it("a difference is an error of its own", () => {
  expect(new Difference("x")).toBeInstanceOf(Error);
});
