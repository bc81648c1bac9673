import { copyFile, cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AppAnswer, converge } from "../../journey/call-app.ts";
import { type DevSession, openDevSession } from "../../journey/dev-session.ts";
import { type Clock, installClock, movableClock } from "../../local/clock.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const said: string[] = [];
const loads: boolean[] = [];
const waiting: (() => void)[] = [];
let root: string;
let clock: Clock;
let uninstall: () => void;
let session: DevSession;

/** A copy of the sources, so that a test may edit them, and the settings of a newcomer: a copy of the sample. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "openmetadata-entra-sources-"));
  for (const name of ["functions", "shared", "host.json", "package.json"]) {
    await cp(join(project, name), join(root, name), { recursive: true });
  }
  await symlink(join(project, "node_modules"), join(root, "node_modules"), "junction");
  await copyFile(join(project, "local.settings.sample.json"), join(root, "local.settings.json"));
  clock = movableClock(new Date("2031-03-03T12:00:00Z"));
  uninstall = installClock(clock, { virtualWaits: true });
  session = await openDevSession({
    root,
    port: 0,
    choice: { openMetadata: "1.2", flow: "implicit" },
    clock,
    tell: { line() {}, progress() {}, text: (text) => void said.push(text) },
    onLoad(running) {
      loads.push(running);
      waiting.shift()?.();
    },
  });
});
afterAll(async () => {
  await session?.close();
  uninstall?.();
  await rm(root, { recursive: true });
});

const status = join("functions", "show-status.ts");

/** Changes a file, in one piece, and waits until it was loaded. */
async function edit(file: string, change: (text: string) => string): Promise<void> {
  const loaded = new Promise<void>((resolve) => waiting.push(resolve));
  const edited = join(root, "edited");
  await writeFile(edited, change(await readFile(join(root, file), "utf8")));
  await rename(edited, join(root, file));
  await loaded;
}

const headers = { "x-functions-key": "local-function-key" };

/** On a connection of its own: one that was kept from before an edit is closed, which a client may learn too late. */
const call = (path: string, init: RequestInit = {}) =>
  fetch(`${session.url()}${path}`, { ...init, headers: { ...init.headers, connection: "close" } });

async function post(path: string) {
  const answer = await call(`/api/${path}`, { method: "POST", headers, body: "{}" });
  const retryAfter = Number(answer.headers.get("retry-after") ?? 0);
  return { status: answer.status, body: (await answer.json()) as AppAnswer["body"], retryAfter };
}

it("survives a copied sample of the settings: the local cloud's addresses count, and function keys guard", async () => {
  expect(loads).toEqual([true]);
  expect(said.join("\n")).toContain("except for what the local cloud decides: TENANT_ID, KEY_VAULT_URL,");
  expect(said).toContain(`KEY=${headers["x-functions-key"]}`);
  expect((await call("/api/status")).status).toBe(401);
  expect(await post("provision")).toMatchObject({ status: 200 });
});

it("reloads after every edit, at the same address, and what is broken meanwhile does no harm", async () => {
  for (const route of ["status-once", "status-twice"]) {
    const before = said.length;
    await edit(status, (text) => text.replace(/route: "status[^"]*"/, `route: "${route}"`));
    expect(said.slice(before).join("\n")).toContain("reloaded: 15 functions");
    expect((await call(`/api/${route}`)).status).toBe(401);
    expect((await call("/api/status")).status).toBe(404);
  }
  await edit(status, (text) => `${text}\nthrow new Error("broken by an edit");\n`);
  expect(loads.at(-1)).toBe(false);
  expect(said.join("\n")).toContain("broken by an edit");
  await edit(status, (text) => text.replace(/\nthrow .*\n$/, ""));
  expect((await call("/api/status-twice")).status).toBe(401);
});

it("delivers the vault's events to the code that was loaded last", async () => {
  await edit(join("shared", "handlers", "owner-of-event.ts"), (text) => text.replace("needs no work", "needs no edit"));
  for (const path of ["consent", "rotate"])
    expect(await converge(() => post(path), clock)).toMatchObject({ status: 200 });
  await clock.advance(3_600_000);
  expect(session.cloud.eventGrid.deliveries()).not.toEqual([]);
  expect(said.join("\n")).toMatch(/push-client-secret: event ignored: .* needs no edit/);
});

it("keeps waiting where local.settings.json cannot be read, and explains the calls again when their guard changes", async () => {
  await edit("local.settings.json", () => "{");
  expect(said.at(-1)).toMatch(/^not loaded: Cannot read ".*local\.settings\.json": it is not JSON/);
  await edit("local.settings.json", () => '{"Values":{}}');
  expect(loads.at(-1)).toBe(true);
  expect(tokens()).toHaveLength(1);
});

/** The tokens that were printed. */
const tokens = () => said.filter((text) => text.startsWith("TOKEN="));

it("moves the clock on request, and prints a new token before the printed one expires", async () => {
  await session.move("60 days");
  expect(said.at(-1)).toMatch(/^To move the clock, type "\+60d"/);
  const before = clock.now().getTime();
  await session.move("+3h");
  expect(clock.now().getTime() - before).toBe(3 * 3_600_000);
  expect(tokens()).toHaveLength(1);
  // Nothing shall fall due in all that time: this is about the token.
  clock.stop();
  await session.move("+340d");
  expect(tokens()).toHaveLength(2);
  const authorization = `Bearer ${tokens().at(-1)?.slice("TOKEN=".length)}`;
  expect((await call("/api/status-twice", { headers: { authorization } })).status).toBe(200);
});
