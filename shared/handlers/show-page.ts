import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Deployment } from "../deployment/deployment.ts";
import type { Log } from "../log.ts";
import type { Api } from "../page/curl.ts";
import { deploymentView } from "../page/deployment-view.ts";
import { documentOf } from "../page/document.ts";
import { overview } from "../page/overview.ts";
import { refusalPage } from "../page/refusal.ts";
import { GOOD_FOR, type Listed, type Sighting, sightingOf, stalest } from "../page/sighting.ts";
import { PARAMETERS, readWish, type Wish } from "../page/wish.ts";
import type { ProblemCode } from "../problems/problems.ts";
import { appConditions } from "../status/app-conditions.ts";
import { pickDeployment, readQuery } from "../triggers/guarded.ts";
import { guard } from "../world/guard.ts";
import { look, lookAtEngine } from "./look.ts";
import { page } from "./page-answer.ts";

interface Asked {
  request: HttpRequest;
  deployments: readonly Deployment[];
  faults: readonly string[];
  log: Log;
}

/** What this instance has seen of each deployment: nothing is kept but what the overview tells. */
const seen = new Map<string, Sighting>();

/** Seconds until the page looks again: soon while there are deployments that nobody has looked at. */
const REFRESH = 30;
const REFRESH_WHILE_UNSEEN = 3;

/** The page that somebody asks for. Loaded on first use: nothing of it is needed to start. */
export async function showPage(asked: Asked): Promise<HttpResponseInit> {
  const wish = readWish(readQuery(asked.request, PARAMETERS));
  const [only, ...others] = asked.deployments;
  const isPlain = wish.kind === "overview" && !wish.verdict && wish.search === "" && asked.faults.length === 0;
  if (isPlain && only && others.length === 0) return showOne(asked, { deployment: only.name, history: false });
  return wish.kind === "one" ? showOne(asked, wish) : showAll(asked, wish);
}

async function showOne(
  { request, deployments, faults, log }: Asked,
  { deployment: name, history }: { deployment: string; history: boolean },
): Promise<HttpResponseInit> {
  const [engine, told] = await Promise.all([
    lookAtEngine(),
    look(pickDeployment({ deployments, faults }, name), { among: deployments, log, history }),
  ]);
  seen.set(told.deployment, sightingOf(told));
  const [api, app] = [apiOf(request), appConditions(engine, faults)];
  const main = deploymentView(told, { api, alone: deployments.length === 1, app });
  const json = `status?deployment=${told.deployment}${history ? "&history=true" : ""}`;
  return page(
    200,
    documentOf({
      title: titleOf(told.deployment),
      main,
      on: told.on,
      refresh: REFRESH,
      json,
      opensJson: opensJson(api),
    }),
  );
}

async function showAll(
  { request, deployments, faults, log }: Asked,
  wish: Extract<Wish, { kind: "overview" }>,
): Promise<HttpResponseInit> {
  const now = guard.now();
  forgetOthers(deployments);
  const [engine] = await Promise.all([
    lookAtEngine(),
    ...stalest(deployments, seen, now).map(async (one) => {
      seen.set(one.name, sightingOf(await look(one, { among: deployments, log })));
    }),
  ]);
  const listed: Listed[] = deployments.map(
    ({ name, openMetadataUrl }) => seen.get(name) ?? { deployment: name, url: openMetadataUrl },
  );
  const main = overview({ listed, app: appConditions(engine, faults), wish, now });
  const isUnseen = listed.some(({ on }) => !on || now.getTime() - on.getTime() > 2 * GOOD_FOR);
  const refresh = isUnseen ? REFRESH_WHILE_UNSEEN : REFRESH;
  return page(
    200,
    documentOf({
      title: titleOf("All deployments"),
      main,
      on: now,
      refresh,
      json: "status",
      opensJson: opensJson(apiOf(request)),
    }),
  );
}

function forgetOthers(deployments: readonly Deployment[]): void {
  const names = new Set(deployments.map(({ name }) => name));
  for (const name of seen.keys()) if (!names.has(name)) seen.delete(name);
}

/** The page in the place of the one that was asked for, made from the problem that would have been answered. */
export function refusal(request: HttpRequest, answer: HttpResponseInit, signsIn: boolean): HttpResponseInit {
  const { code, detail, hint } = answer.jsonBody as { code: ProblemCode; detail: string; hint: string };
  const { pathname, searchParams } = new URL(request.url);
  searchParams.delete("code");
  const query = searchParams.toString();
  const path = query === "" ? pathname : `${pathname}?${query}`;
  return page(answer.status ?? 500, refusalPage({ code, detail, hint, signsIn, path, api: apiOf(request) }));
}

/** Behind the platform's gateway the app itself is reached by http. */
function apiOf({ url, headers }: HttpRequest): Api {
  const { host, protocol } = new URL(url);
  const isSecure = protocol === "https:" || headers.get("x-forwarded-proto") === "https";
  return { origin: `${isSecure ? "https" : "http"}://${host}`, audience: guard.callers()?.audience };
}

/** Where keys guard, the key that opens the page opens everything; a person's session opens the page alone. */
function opensJson({ audience }: Api): boolean {
  return audience === undefined;
}

function titleOf(what: string): string {
  return `${what} · OpenMetadata Entra`;
}
