import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { callApp } from "../../journey/call-app.ts";
import { eventIn, type ReadEvent } from "../../journey/event-in.ts";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import { DAY, HOUR, MINUTE, openApp, SECRET } from "./app.ts";
import { runTimer } from "./trouble.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const app = openApp({ release: "1.5.13", settings: { ROTATION_SCHEDULE: "0 0 0 * * 0" } });

/** All events that the app has written: a rotation from the beginning to its end, and much that goes wrong. */
let events: (ReadEvent & Record<string, unknown>)[] = [];

const forbidden = { status: 403, body: { error: { code: "Forbidden", innererror: { code: "ForbiddenByRbac" } } } };

beforeAll(async () => {
  const { cloud, clock } = app();
  cloud.openMetadata.addPipeline({ name: "lake", deployed: true });
  await callApp(app().host.url, "no token", { method: "POST", path: "provision" });
  await app().call("POST", "rotate", {});
  await app().call("POST", "provision", { dryRun: true });
  const newPrincipals = { service: "graph", method: "POST", path: /servicePrincipals/, times: 1 } as const;
  await amid(app(), answers(newPrincipals, { status: 404 }), () => app().call("POST", "provision"));
  for (const path of ["provision", "consent", "rotate"]) await app().post(path);
  await clock.advance(20 * MINUTE);
  cloud.openMetadata.setDeployFails("lake", true);
  await app().call("POST", "rotate", { because: "leaver", credential: "bot-token" });
  cloud.openMetadata.setDeployFails("lake", false);
  await runTimer(app());
  await clock.advance(20 * MINUTE);
  await runTimer(app());
  await amid(app(), refuses({ service: "openmetadata" }), () => runTimer(app()));
  await amid(app(), answers({ service: "key-vault" }, forbidden), () => runTimer(app()));
  await app().call("POST", "rotate", { because: "leaver", credential: "ingestion-client-secret" });
  for (const pause of [8 * DAY, HOUR, 8 * DAY]) {
    await clock.advance(pause);
    await runTimer(app());
  }
  await callHook({});
  await callHook({ objectName: SECRET, vaultName: "openmetadata-kv", objectType: "Secret" });
  events = app().log.flatMap((line) => (eventIn(line) as (typeof events)[number] | undefined) ?? []);
});

/** Delivers an event by hand. */
function callHook(data: object): Promise<Response> {
  const { host, keys } = app();
  return fetch(`${host.url}/runtime/webhooks/EventGrid?functionName=push-client-secret&code=${keys.eventGrid}`, {
    method: "POST",
    headers: { "aeg-event-type": "Notification", "content-type": "application/json" },
    body: JSON.stringify([
      {
        id: "1",
        topic: "vault",
        subject: SECRET,
        eventType: "Microsoft.KeyVault.SecretNewVersionCreated",
        eventTime: "2031-03-03T12:00:00Z",
        dataVersion: "1",
        metadataVersion: "1",
        data,
      },
    ]),
  });
}

/** Fields with the events that have them, by docs/observability.md. */
const documented = new Map(
  [
    ...(read("docs/observability.md").split("## Fields")[1] ?? "").matchAll(
      /^\| (`\w+`(?:, `\w+`)*) \| ([a-z, ]+) \| /gm,
    ),
  ].flatMap(([, names = "", kinds = ""]) =>
    names.split(", ").map((name) => [name.replaceAll("`", ""), kinds.split(", ")] as const),
  ),
);
const kindsDocumented = [
  ...read("docs/observability.md").matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]*(?:Error|Information)[^|]* \|$/gm),
].map(([, kind]) => kind);

describe("docs/observability.md", () => {
  it("names each event that is written, and no other", () => {
    expect([...new Set(events.map(({ event }) => event))].sort()).toEqual(kindsDocumented.sort());
  });

  it("names the fields of each event that is written", () => {
    const unknown = events.flatMap((event) =>
      Object.keys(event)
        .filter((field) => !documented.get(field)?.some((kind) => kind === "all" || kind === event.event))
        .map((field) => `${event.event}.${field}`),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });

  it("names no field that nothing writes, faults of our own aside", () => {
    const written = new Set(events.flatMap((event) => Object.keys(event).map((field) => `${event.event}.${field}`)));
    const kinds = [...new Set(events.map(({ event }) => event))];
    const never = [...documented].flatMap(([field, of]) =>
      (of[0] === "all" ? kinds : of).map((kind) => `${kind}.${field}`).filter((one) => !written.has(one)),
    );
    expect(never).toEqual(["refused.stack"]);
  });

  it("names the states and the steps", () => {
    const table = read("docs/observability.md");
    for (const { step, state } of events) {
      if (step) expect(table).toContain(`\`${step}\``);
      if (state) expect(table).toContain(`\`${state}\``);
    }
  });
});

describe("a line", () => {
  it("begins with its sentence, and says which run it belongs to", () => {
    for (const event of events) expect(Object.keys(event)[0]).toBe("message");
    const starts = app().log.flatMap(({ message }) => /^Executing '.*Id=([\w-]+)\)$/.exec(message)?.[1] ?? []);
    for (const { invocationId } of events) expect(starts).toContain(invocationId);
  });

  it("tells with each step that has ended how long it took", () => {
    const ended = events.filter(({ step, state }) => step && (state === "done" || state === "failed"));
    expect(ended.length).toBeGreaterThan(10);
    for (const { durationMs } of ended) expect(durationMs).toBeGreaterThanOrEqual(0);
  });
});

describe("infra/queries", () => {
  const lines = read("infra/queries/lines.kql");
  const lists = [...lines.matchAll(/let (\w+) = dynamic\((\[[^\]]*\])\)/g)].map(
    ([, name = "", list = ""]) => [name, JSON.parse(list) as string[]] as const,
  );

  it("read fields that lines have", () => {
    const fields = [...lines.matchAll(/\bline\.(\w+)/g)].map(([, field = ""]) => field);
    const written = new Set(events.flatMap((event) => Object.keys(event)));
    expect(fields.length).toBeGreaterThan(8);
    expect(fields.filter((field) => !written.has(field))).toEqual([]);
  });

  it.each(lists)("know in %s steps that are taken", (_, list) => {
    const taken = events.flatMap(({ step }) => step ?? []);
    expect(list.filter((step) => !taken.includes(step))).toEqual([]);
  });

  it("compare with values that lines have", () => {
    const all = readdirSync(new URL("../../infra/queries/", import.meta.url)).map((name) =>
      read(`infra/queries/${name}`),
    );
    const compared = all.join("\n").matchAll(/\b(event|state|step) == "(\w+)"/g);
    for (const [, field = "", value] of compared) expect(events.map((event) => event[field])).toContain(value);
  });

  it("find the looks and the failures of this journey", () => {
    const told = events.map(({ event, state, step = "", code = "" }) => [event, state, step, code].join(" ").trim());
    expect(told).toContain("look done");
    expect(told).toContain("look failed  vault-forbidden");
    expect(told).toContain("step failed push pipelines-not-deployed");
  });
});
