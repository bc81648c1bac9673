import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES } from "../../operator/conformance/cases/all.ts";
import { NOT_TRIED } from "../../operator/conformance/cases/not-tried.ts";
import { endedBySignal } from "../../operator/conformance/ending.ts";
import { remembering } from "../../operator/conformance/remember.ts";
import { anonymous, inSum, knownIn, report } from "../../operator/conformance/report.ts";
import { type Outcome, type Result, runCases } from "../../operator/conformance/run.ts";
import { throwAway } from "../../operator/conformance/throw-away.ts";
import { openShell } from "./azure-cli.ts";
import {
  changed,
  EVERYTHING,
  everywhere,
  lenient,
  letIn,
  openWorld,
  PREFIX,
  plain,
  RESOLVE_LOCALHOST,
  talkative,
  unconditional,
  undelivered,
  type World,
} from "./conformance-world.ts";

let world: World;
let cloud: World["cloud"];

beforeAll(async () => {
  world = await openWorld();
  ({ cloud } = world);
});
afterAll(() => world.close());

const again = (run: string, roles?: string[], as?: string) => world.access(run, roles, as);
const remains = () => world.remains();
const silent = { tell: () => {} };
/** What shows itself to anybody. */
const NEED_NO_RIGHT = [
  "graph-error-shape",
  "graph-foreign-password",
  "entra-shared-keys",
  "vault-challenge",
  "vault-api-version",
  "event-envelope",
  "event-type",
  "event-data",
];
/** What shows only when the id token of the session has ended. */
const AN_HOUR_LATER = "auth-renews-no-id-token";
/** What only somebody with fewer rights can try. */
const TRIED_OTHERWISE = ["graph-add-owner", "graph-assign-by-application-rights", AN_HOUR_LATER];

describe("the stand-ins", () => {
  const results = new Map<string, Result>();
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await runCases(again("first"), EVERYTHING, { tell: (one) => void results.set(one.id, one) });
  }, 60_000);

  it.each(CASES.map(({ id, claim }) => [id, claim] as const))("%s: %s", (id) => {
    expect(results.get(id)).toMatchObject({ state: TRIED_OTHERWISE.includes(id) ? "skipped" : "holds" });
  });

  it("are left as they were", () => {
    expect(remains()).toEqual([]);
  });

  it("are told of in a report without anything that tells whose tenant it was", () => {
    const access = again("first");
    const known = knownIn(access);
    const text = report(outcome, { release: "0.1.0", on: world.clock.now(), known, prefix: PREFIX });
    expect(text).toContain(`${CASES.length - TRIED_OTHERWISE.length} hold, 0 differ`);
    for (const { appId } of cloud.directory.servicePrincipals()) expect(text).not.toContain(appId);
    const names = Object.values(world.ids).map((id) => id.split("/").at(-1) ?? "");
    const hosts = [world.appUrl, world.armUrl, cloud.urls.vault].map((url) => new URL(url).host);
    for (const one of [access.tenantId, access.ownId, PREFIX, ...hosts]) expect(text).not.toContain(one);
    for (const one of names.filter((name) => name.length > 2)) expect(text).not.toContain(one);
  });
});

describe("a run", () => {
  it("tries only what it was offered, and says what the others need", async () => {
    const only = ["vault-set", "graph-patch-absent", "queue-encoding"];
    const { results } = await runCases(again("second"), { offered: ["vault"], only: [...only, "event-type"] }, silent);
    expect(results.map(({ id, state, seen }) => [id, state, seen])).toEqual([
      ["graph-patch-absent", "holds", ""],
      ["vault-set", "holds", ""],
      ["event-type", "skipped", "needs --event"],
      ["queue-encoding", "skipped", "needs --topic, --subscribe"],
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

  it.each(CASES.filter(({ waits }) => waits).map(({ id }) => [id] as const))(
    "removes what it made when it is ended while %s waits for Azure",
    async (id) => {
      const ending = new AbortController();
      const access = again(`ended-${id}`);
      let waits = 0;
      const wait = (milliseconds: number) => {
        waits += 1;
        if (waits === 1) ending.abort(new Error("ended by somebody"));
        return world.clock.advance(milliseconds);
      };
      const clock = { now: world.clock.now, wait };
      // Nothing that is asked for again comes to be: each case waits.
      cloud.wire.faults.push(({ path, service }) =>
        service === "entra" && path.includes("/token")
          ? { kind: "answer", response: () => Response.json({ error_codes: [7000215] }, { status: 401 }) }
          : undefined,
      );
      cloud.eventGrid.faults.shape = () => [];
      const listener = { ...silent, signal: ending.signal };
      const { results } = await runCases({ ...access, clock }, { ...EVERYTHING, only: [id] }, listener);
      cloud.wire.faults.splice(0);
      cloud.eventGrid.faults = {};
      // An alert's subscription is there at once here.
      if (id !== "alert-subscription") {
        expect(results).toMatchObject([{ state: "untried", seen: expect.stringContaining("ended by somebody") }]);
        expect(waits).toBeGreaterThan(0);
      }
      expect(remains()).toEqual([]);
    },
  );

  it("waits for what spreads slowly", async () => {
    cloud.directory.replication = { objects: 3_000, secrets: 5_000, reads: 1_000 };
    const only = ["entra-new-secret", "entra-token-for-itself", "graph-creator-owns", "entra-role-one-application"];
    const { results } = await runCases(again("fifth"), { offered: ["directory-role"], only }, silent);
    cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    expect(results.map(({ state, seen }) => `${state} ${seen}`)).toEqual([
      "holds 1 owners",
      "holds ",
      expect.stringMatching(/^holds taken at attempt [2-9]/),
      "holds ",
    ]);
    expect(remains()).toEqual([]);
  });

  it("finds and removes what was made though its answer was lost", async () => {
    const lost = new Set<string>();
    cloud.wire.faults.push(({ method, path }) => {
      const kind = /applications\(uniqueName|\/secrets\/|\/queues\/|eventSubscriptions|roleAssignments/.exec(path)?.[0];
      if (!["PUT", "PATCH"].includes(method) || !kind || lost.has(kind) || path.includes("servicePrincipals"))
        return undefined;
      lost.add(kind);
      return { kind: "lose" };
    });
    const only = ["graph-upsert-again", "vault-set", "queue-encoding", "alert-subscription", "vault-name-condition"];
    const kept: string[] = [];
    for (const id of only) {
      const outcome = await runCases(again(`lost-${id}`), { ...EVERYTHING, only: [id] }, silent);
      kept.push(...outcome.kept.map(({ what }) => what.split(" ")[0] ?? ""));
    }
    // A queue whose answer was lost ends that case: the next attempts get further.
    for (const count of [1, 2])
      await runCases(again(`more-${count}`), { ...EVERYTHING, only: ["queue-encoding"] }, silent);
    cloud.wire.faults.splice(0);
    expect(new Set(kept)).toEqual(new Set(["secret"]));
    expect([...lost].sort()).toEqual([
      "/queues/",
      "/secrets/",
      "applications(uniqueName",
      "eventSubscriptions",
      "roleAssignments",
    ]);
    expect(remains()).toEqual([]);
  });

  it("does not take for left behind what was never sent", async () => {
    const access = again("unreached");
    const nowhere = { ...access, vaultUrl: "https://nobody.vault.localhost:9", graphUrl: "https://nobody.invalid" };
    const only = ["vault-set", "graph-upsert-again"];
    const { results, left, kept } = await runCases(nowhere, { ...EVERYTHING, only }, silent);
    expect(results.map(({ state }) => state)).toEqual(["untried", "untried"]);
    expect([...left, ...kept]).toEqual([]);
  });

  it("could not be tried on a resource that there is not", async () => {
    const access = again("nameless");
    const ids = { ...access.ids, app: `${access.ids.app}-not` };
    const wanted = { ...EVERYTHING, only: ["flex-runs-node-24"] };
    const { results } = await runCases({ ...access, ids }, wanted, silent);
    expect(results).toMatchObject([{ state: "untried", seen: expect.stringContaining("check the resource ids") }]);
  });

  it("names what cannot be removed, and removes all the rest", async () => {
    cloud.wire.faults.push(({ method, path }) =>
      method === "DELETE" && path.includes("eventSubscriptions")
        ? { kind: "answer", response: () => Response.json({ error: { code: "ScopeLocked" } }, { status: 409 }) }
        : undefined,
    );
    const { results, left } = await runCases(again("locked"), { ...EVERYTHING, only: ["queue-encoding"] }, silent);
    cloud.wire.faults.splice(0);
    expect(results).toMatchObject([{ state: "holds" }]);
    expect(left).toEqual([
      { what: expect.stringMatching(/^\/subscriptions\/.*\/eventSubscriptions\//), why: "not deleted (409)" },
    ]);
    expect(remains()).toEqual([expect.stringContaining("/eventSubscriptions/")]);
    for (const id of remains()) {
      world.arm.remove(id);
      cloud.eventGrid.unsubscribe(id.split("/").at(-1) ?? "");
    }
  });

  it("tries once more to remove what could not be removed at once", async () => {
    let refused = 0;
    cloud.wire.faults.push(({ method, path }) =>
      method === "DELETE" && /\/(applications|queues|secrets|roleAssignments)\//.test(path) && refused++ < 4
        ? { kind: "answer", response: () => new Response(null, { status: 503 }) }
        : undefined,
    );
    const { left } = await runCases(
      again("busy"),
      { ...EVERYTHING, only: ["queue-encoding", "graph-upsert-again"] },
      silent,
    );
    cloud.wire.faults.splice(0);
    expect(left).toEqual([]);
    expect(remains()).toEqual([]);
  });

  it("says of whoever lacks every right that nothing could be tried, and leaves nothing", async () => {
    const { objectId } = cloud.directory.createManagedIdentity({ displayName: "nobody", graphPermissions: [] });
    const { results, left } = await runCases(again("nobody", [], objectId), EVERYTHING, silent);
    const state = (wanted: Result["state"]) => results.filter((one) => one.state === wanted).map(({ id }) => id);
    expect(state("differs")).toEqual([]);
    expect(state("holds")).toEqual(NEED_NO_RIGHT);
    for (const { seen } of results.filter((one) => one.state === "untried")) expect(seen).toMatch(/403|right|may not/);
    expect(left).toEqual([]);
    expect(remains()).toEqual([]);
  });

  it("leaves to somebody with fewer rights what only they can try", async () => {
    const owned = ["Application.ReadWrite.OwnedBy"];
    const all = ["Application.ReadWrite.All"];
    const run = (name: string, roles: string[], id: string) =>
      runCases(again(name, roles), { offered: ["consent"], only: [id] }, silent);
    expect((await run("owned", owned, "graph-add-owner")).results).toMatchObject([{ state: "holds" }]);
    expect((await run("all", all, "graph-assign-by-application-rights")).results).toMatchObject([{ state: "holds" }]);
  });

  it("sees an hour later what becomes of an id token that has ended", async () => {
    await world.clock.advance(3 * 3_600_000);
    const only = ["auth-renews-no-id-token", "auth-hands-on-id-token"];
    const { results } = await runCases(again("later"), { ...EVERYTHING, only }, silent);
    expect(results.map(({ id, state }) => [id, state])).toEqual([
      ["auth-hands-on-id-token", "skipped"],
      ["auth-renews-no-id-token", "holds"],
    ]);
  });

  it("says what a stand-in does not model instead of taking that for an answer", async () => {
    cloud.wire.faults.push(({ path }) =>
      path.includes("functionAppStacks")
        ? {
            kind: "answer",
            response: () => Response.json({ error: { code: "NotModelled", message: "no" } }, { status: 501 }),
          }
        : undefined,
    );
    const { results } = await runCases(again("sixth"), { offered: ["app"], only: ["flex-offers-node-24"] }, silent);
    cloud.wire.faults.splice(0);
    expect(results).toMatchObject([{ state: "not modelled" }]);
  });
});

describe("a difference is seen", () => {
  /** A case, and what Azure would say if it were otherwise. */
  it.each<[id: string, wrong: (at: World) => () => void, says: string]>([
    ["queue-encoding", plain, "no base64"],
    ["flex-runs-node-24", changed("app", { state: "Stopped" }), "it is Stopped"],
    ["auth-enforced", letIn, "a stranger is answered 404"],
    ["topic-alert", changed("alert", { provisioningState: "Failed" }), "one is Failed"],
    ["template-subscribes", changed("operation", { provisioningState: "Failed" }), "has failed"],
    ["vault-name-condition", unconditional, "expected"],
    ["flex-settings-refused", lenient, "seen 200"],
    ["event-tags-silent", talkative, "2 events about the version"],
    ["entra-role-one-application", everywhere, "seen 200"],
  ])("by %s", async (id, wrong, says) => {
    const mend = wrong(world);
    const { results } = await runCases(again(`otherwise-${id}`), { ...EVERYTHING, only: [id] }, silent);
    mend();
    expect(results).toMatchObject([{ state: "differs", seen: expect.stringContaining(says) }]);
    expect(remains()).toEqual([]);
  });
});

describe("the dry run", () => {
  it("names each case that writes, and says of no other that it makes something", async () => {
    const writers = new Set<string>();
    let running = "";
    const watch = ({
      service,
      method,
      path,
      status,
    }: {
      service: string;
      method: string;
      path: string;
      status: number;
    }) => {
      const writes = ["PUT", "POST", "PATCH"].includes(method) && !/\/token$|\/list\?/.test(path) && status < 300;
      if (["graph", "key-vault", "arm"].includes(service) && writes) writers.add(running);
    };
    cloud.wire.onExchange.push(watch);
    for (const { id } of CASES) {
      running = id;
      await runCases(again(`alone-${id}`.slice(0, 40)), { ...EVERYTHING, only: [id] }, silent);
    }
    cloud.wire.onExchange.splice(cloud.wire.onExchange.indexOf(watch), 1);
    const making = CASES.filter(({ makes = [] }) => makes.length > 0).map(({ id }) => id);
    // What they would make is refused here, or made by somebody else.
    const unseen = ["flex-settings-refused", "vault-before-1970", ...TRIED_OTHERWISE];
    expect([...writers].sort()).toEqual(making.filter((id) => !unseen.includes(id)).sort());
    expect(remains()).toEqual([]);
  }, 60_000);
});

describe("nothing is concluded", () => {
  it.each<[id: string, without: (at: World) => () => void, says: string]>([
    ["topic-function", undelivered("evgs-function"), "no event went there lately"],
    ["topic-alert-delivers", undelivered("evgs-expired"), "no secret has expired lately"],
    ["topic-trusted", undelivered("evgs-queue"), "no event went there lately"],
    ["topic-trusted", changed("account", { publicNetworkAccess: "Enabled" }), "with public access"],
    ["template-subscribes", changed("deployment", { correlationId: "another" }), "has subscribed a function too"],
    ["template-subscribes", changed("function", { destination: { endpointType: "WebHook" } }), "subscribed a function"],
    ["network-without-nat", changed("subnet", { natGateway: { id: "x" } }), "NAT gateway"],
    ["auth-enforced", changed("auth", { platform: { enabled: false } }), "not set to turn strangers away"],
  ])("by %s where there is nothing to look at (%#)", async (id, without, says) => {
    const mend = without(world);
    const { results } = await runCases(again(`nothing-${id}`), { ...EVERYTHING, only: [id] }, silent);
    mend();
    expect(results).toMatchObject([{ state: "skipped", seen: expect.stringContaining(says) }]);
  });
});

describe("a token", () => {
  it("is asked for again only when it is about to expire", async () => {
    let asked = 0;
    const issue = async (scope: string) => {
      asked += 1;
      const exp = world.clock.now().getTime() / 1000 + 3600;
      return cloud.entra.issueToken({ aud: scope, exp });
    };
    const tokenFor = remembering(issue, world.clock.now);
    const first = await tokenFor("a");
    await world.clock.advance(50 * 60_000);
    expect(await tokenFor("a")).toBe(first);
    await tokenFor("b");
    expect(asked).toBe(2);
    await world.clock.advance(6 * 60_000);
    expect(await tokenFor("a")).not.toBe(first);
  });
});

describe("the end", () => {
  it("is asked for once by one Ctrl+C, however often that arrives, and by a second one at once", async () => {
    const exits: number[] = [];
    const self = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
    const said: string[] = [];
    const signal = endedBySignal((line) => said.push(line), world.clock.now, self);
    for (const name of ["SIGINT", "SIGTERM"]) self.emit(name);
    expect([signal.aborted, said.length, exits]).toEqual([true, 1, []]);
    await world.clock.advance(3_000);
    self.emit("SIGINT");
    expect([exits, said.length]).toEqual([[1], 2]);
  });
});

describe("docs/conformance.md", () => {
  const page = readFileSync(new URL("../../docs/conformance.md", import.meta.url), "utf8");

  it.each(NOT_TRIED.map((one) => [one.what, one] as const))("says that no case tries %s", (_, one) => {
    expect(page).toContain(`| ${one.what} | ${one.because}; instead: ${one.instead} |`);
  });

  it("tells what each option makes that writes", () => {
    const written = CASES.filter(({ makes = [] }) => makes.length > 0).flatMap(({ needs = [] }) => needs);
    for (const need of written) expect(page).toContain(`--${need}`);
  });
});

describe("a setting that Flex Consumption takes after all", () => {
  it("is taken away again, and what others have set meanwhile stays", async () => {
    const mend = lenient(world);
    const others = async (seen: Response): Promise<Response> => {
      await world.flexSite.configure({ PLAIN: "text", FUNCTIONS_WORKER_RUNTIME: "node", OTHER: "new" });
      return seen;
    };
    cloud.wire.faults.push(({ method, path }) => {
      if (method !== "PUT" || !path.includes("/config/appsettings")) return undefined;
      cloud.wire.faults.splice(0);
      return { kind: "after", response: others };
    });
    const wanted = { ...EVERYTHING, only: ["flex-settings-refused"] };
    const { left } = await runCases(again("setting"), wanted, silent);
    mend();
    expect(left).toEqual([]);
    expect(world.flexSite.environment()).toEqual({ PLAIN: "text", OTHER: "new" });
  });
});

describe("what is thrown away", () => {
  it("goes newest first, whatever fails on the way, which is tried once more, and says what stays", async () => {
    const thrown = throwAway();
    const order: string[] = [];
    for (const what of ["first", "second", "third"]) {
      thrown.add(what, async () => {
        order.push(what);
        if (what === "second") throw new Error("refused");
        return what === "first" ? "deleted; kept for 30 days" : undefined;
      });
    }
    const pause = async () => void order.push("pause");
    expect(await thrown.removeAll(pause)).toEqual([
      { what: "first", why: "deleted; kept for 30 days" },
      { what: "second", why: "not deleted (refused)" },
    ]);
    expect(order).toEqual(["third", "second", "first", "pause", "second"]);
    expect(await thrown.removeAll(pause)).toEqual([]);
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

  it("tells of what is kept how much there is, once each", () => {
    const why = "deleted; kept";
    expect(inSum([...["a 1", "a 1", "a 2", "b 1"].map((what) => ({ what, why }))])).toEqual([
      "2 x a: deleted; kept",
      "1 x b: deleted; kept",
    ]);
  });

  it("says what no case tries, why not, and what to do instead", () => {
    const on = new Date("2031-03-03T12:00:00Z");
    const written = report({ results: [], left: [], kept: [] }, { release: "1", on, known: [], prefix: PREFIX });
    for (const { what, because, instead } of NOT_TRIED)
      expect(written).toContain(`- ${what}: ${because}. Instead: ${instead}.`);
  });
});

describe("npm run conformance", () => {
  const shellOf = async (tokens: Record<string, string>) => {
    const env = {
      APP_SESSION: "session-of-a-browser",
      GRAPH_URL: cloud.urls.graph,
      ARM_URL: world.armUrl,
      AUTHORITY_HOST: cloud.urls.entra,
      NODE_OPTIONS: RESOLVE_LOCALHOST,
    };
    const token = tokens[cloud.urls.graph];
    return openShell({ token, tokens, certificate: cloud.certificate.cert, env });
  };
  const args = (...more: string[]) => ["operator/conformance/main.ts", ...more];

  it("lists without a sign-in what it would make, and refuses what makes no sense", async () => {
    const shell = await shellOf({});
    const dry = await shell.run("node", args("--dry-run", "--vault", "https://kv.vault.azure.net"));
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(dry.stdout).toContain("makes: an app registration, a service principal, a client secret");
    expect(dry.stdout).toMatch(/Not with these options:[\s\S]*queue-encoding +--vault --topic --subscribe/);
    for (const { what } of NOT_TRIED) expect(dry.stdout).toContain(what);
    expect(await shell.run("node", args("--colour"))).toMatchObject({ code: 2, stdout: "" });
    expect(await shell.run("node", args())).toMatchObject({ code: 1, stderr: expect.stringContaining("az login") });
    await shell.close();
  });

  it("tries what it was offered, tells how it goes on stderr, and writes the report", async () => {
    const shell = await shellOf(await world.tokens());
    const [app, topic] = [world.ids.app, world.ids.topic];
    const only = ["auth-enforced", "queue-encoding", "vault-name-condition", "auth-holds-id-token"];
    const given = ["--app", app, "--signed-in", "--topic", topic, "--vault", cloud.urls.vault];
    const writing = ["--subscribe", world.ids.subscribe, "--assign", world.ids.assign];
    const moving = world.keepMoving();
    const ended = await shell.run("node", args(...given, ...writing, ...only.flatMap((id) => ["--only", id])));
    await moving.stop();
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining("4 hold, 0 differ") });
    expect(ended.stderr).toContain("queue-encoding: up to 30 minutes");
    expect(ended.stderr).toMatch(/removing what was made \(\d+\)/);
    expect(ended.stdout).not.toContain(PREFIX);
    expect(remains()).toEqual([]);
    await shell.close();
  }, 60_000);

  it("ends on Ctrl+C while it waits, and removes what it made", async () => {
    const shell = await shellOf(await world.tokens());
    cloud.directory.replication = { objects: 0, secrets: 3_600_000, reads: 0 };
    let waiting: (() => void) | undefined;
    cloud.wire.faults.push(({ path }) => {
      if (path.includes("/oauth2/v2.0/token")) waiting?.();
      return undefined;
    });
    const ended = await shell.run("node", args("--only", "entra-new-secret"), (child) => {
      waiting = () => void child.kill("SIGINT");
    });
    cloud.wire.faults.splice(0);
    cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    expect(ended.stderr).toContain("ending; what was made is removed first");
    expect(ended.stdout).toContain("| entra-new-secret | untried |");
    expect(ended.code).toBe(1);
    expect(remains()).toEqual([]);
    await shell.close();
  }, 60_000);
});
