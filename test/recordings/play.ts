import type { World } from "../local/openmetadata-world.ts";
import type { Row } from "./rows.ts";

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
const NOBODY = "00000000-0000-4000-8000-000000000000";
const PIPELINES = "/v1/services/ingestionPipelines";

/** Whether a stand-in can be brought into the state that a recorded read found. */
export function isPlayable({ method, name, path, status, answer }: Row): boolean {
  const reads = method === "GET" || path.startsWith(`${PIPELINES}/`) || path.startsWith("/v1/users/generateToken/");
  // Whose token it was, and in what state, is not recorded; the tests of the stand-in have those answers word by word.
  const byToken = status === 401 || status === 403 || /^(np |unknown |email |upper |isBot |bad |gen )/.test(name);
  const unmodelled = path === "/v1/system/status" || path.endsWith("/pipelineStatus");
  // An administrator who is gone cannot ask; a server without any runner at all is not modelled; and "OK" is no JSON.
  const other = (path.endsWith("/name/admin") && status === 404) || path === "/v1/system/health";
  const noRunner = JSON.stringify(answer).includes("pipelineServiceClient");
  return reads && !byToken && !unmodelled && !other && !noRunner;
}

/** What a row asks for, ids aside. */
export function question({ method, path, status }: Row): string {
  return `${method} ${path.replace(GUID, "{id}")} ${status}`;
}

/** Asks the stand-in what was asked of the real server, in the state that its answer tells of. */
export async function play(world: World, row: Row): Promise<{ status: number; body: unknown }> {
  await prepare(world, row);
  const token = row.signedIn ? await tokenFor(world, row) : "";
  const body = row.path.endsWith("/bulk/deploy") ? idsFor(world, row) : (row.body ?? undefined);
  const line = `${row.method} ${pathFor(world, row)}`;
  return world.call(line, { token, ...(body === undefined ? {} : { body }) });
}

async function prepare(world: World, { path, status, answer }: Row): Promise<void> {
  if (status === 200 && /\/(auth-mechanism|token)\//.test(path)) await hold(world, held(answer));
  if (status === 200 && path.startsWith(PIPELINES) && !isEmptyList(answer)) {
    await hold(world, JSON.stringify(answer).includes('"authProvider":"azure"') ? "sso" : "Unlimited");
    if (world.openMetadata.pipelines().length === 0) world.openMetadata.addPipeline({ name: "orders", deployed: true });
    if (JSON.stringify(answer).includes("pipelineStatuses") && !isRunning(world)) world.openMetadata.startRun("orders");
  }
}

type Held = "sso" | "revoked" | "90" | "Unlimited";

function held(answer: unknown): Held {
  const text = JSON.stringify(answer);
  if (text === "{}" || text.includes('"SSO"')) return "sso";
  if (text.includes('"JWTToken":""')) return "revoked";
  return text.includes("JWTTokenExpiresAt") ? "90" : "Unlimited";
}

async function hold(world: World, wanted: Held): Promise<void> {
  const id = botUserId(world);
  const user = { name: "ingestion-bot", email: "ingestion-bot@example.com", isBot: true, botName: "ingestion-bot" };
  const put = (authenticationMechanism: object) =>
    world.call("PUT /v1/users", { body: { ...user, authenticationMechanism } });
  if (wanted === "90") await world.call(`PUT /v1/users/generateToken/${id}`, { body: { JWTTokenExpiry: "90" } });
  if (wanted !== "90") await world.call("PUT /v1/users/revokeToken", { body: { id } });
  if (wanted === "sso") await put(world.azureSso("s1"));
  if (wanted === "Unlimited") await put({ authType: "JWT", config: { JWTTokenExpiry: "Unlimited" } });
}

function tokenFor(world: World, { path, answer }: Row): Promise<string> | string {
  const asBot = path === "/v1/users/loggedInUser" && JSON.stringify(answer).includes('"isBot":true');
  return asBot ? world.admin : world.tenant.sign({ sub: "admin" });
}

function pathFor(world: World, { path, status, answer }: Row): string {
  const named = /^\/v1\/users\/name\/[^?]*/.exec(path)?.[0];
  if (named && status !== 404) {
    const isBot = JSON.stringify(answer).includes('"isBot":true');
    return path.replace(named, `/v1/users/name/${isBot ? "ingestion-bot" : "admin"}`);
  }
  return path.replace(GUID, () => idFor(world, { path, status }));
}

function idFor(world: World, { path, status }: Pick<Row, "path" | "status">): string {
  if (status === 404) return NOBODY;
  if (path.startsWith(PIPELINES)) return pipelineId(world);
  const person = world.openMetadata.users().find(({ name }) => name === "admin");
  return status === 400 ? (person?.id ?? "") : botUserId(world);
}

function idsFor(world: World, { body, answer }: Row): string[] {
  const unknown = JSON.stringify(answer).includes("not found");
  return (body as string[]).map(() => (unknown ? NOBODY : pipelineId(world)));
}

function pipelineId({ openMetadata }: World): string {
  return openMetadata.pipelines()[0]?.id ?? NOBODY;
}

function botUserId({ openMetadata }: World): string {
  return openMetadata.users().find(({ name }) => name === "ingestion-bot")?.id ?? "";
}

function isRunning({ openMetadata }: World): boolean {
  return openMetadata.pipelines().some(({ runs }) => runs.length > 0);
}

function isEmptyList(answer: unknown): boolean {
  return Array.isArray((answer as { data?: unknown[] }).data) && (answer as { data: unknown[] }).data.length === 0;
}
