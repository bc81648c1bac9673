import type { Setting } from "../../journey/setting.ts";
import { createIngestion, type Ingestion } from "../../local/cloud/ingestion/create-ingestion.ts";
import { DAY } from "../../shared/limits.ts";
import { broken } from "../promises.ts";
import type { Hold } from "../strikes/cloud-time.ts";
import { leaksIn } from "../strikes/leaks.ts";
import { isConverged, repeatCall, whyNot } from "./convergence.ts";
import { bringTo } from "./moments.ts";
import { openApp, type Stagecraft } from "./open-app.ts";
import { seenBy } from "./operator-view.ts";
import { repeatUntil } from "./repeat-until.ts";
import { nameOf, type Scenario } from "./scenario.ts";
import { type Scene, sceneOf } from "./scene.ts";
import { traceOf } from "./steps-in-log.ts";

/** What came of one scenario. */
export interface Outcome {
  scenario: Scenario;
  /** The steps that the app took, from the injection to the steady state. */
  trace: string;
  verified: { sentence: string; holds: boolean }[];
  /** What the operator saw while the fault lasted. */
  seen: string[];
  /** Runs or calls after the end of the fault until the app had converged; `undefined` when it did not. */
  runs: number | undefined;
  /** Sign-ins that ingestion was refused. */
  refused: number;
  /** What should not have been, one sentence each; empty when all is well. */
  failures: string[];
}

const MOST_RUNS = 2;
/** A day instead of a week: the rules are the same. */
const OVERLAP_DAYS = "1";

/** Plays a scenario in a cloud of its own and judges it. */
export async function play(scenario: Scenario, stagecraft: Stagecraft): Promise<Outcome> {
  const { settings, ...given } = scenario.given ?? {};
  const { setting, hold, close } = await openApp(stagecraft, {
    ...given,
    settings: { SECRET_OVERLAP_DAYS: OVERLAP_DAYS, ...settings },
  });
  try {
    return await act(scenario, setting, hold);
  } catch (error) {
    throw new Error(`${nameOf(scenario)} could not be played`, { cause: error });
  } finally {
    await close();
  }
}

async function act(scenario: Scenario, setting: Setting, hold: Hold): Promise<Outcome> {
  const faultless = setting.cloud.wire.faults.length;
  const scene = sceneOf(setting, hold, { overlap: scenario.revokes ? 0 : overlapOf(scenario) });
  await bringTo(scenario.from, scene);
  const stood = { foreign: scene.truth.foreign().length, log: setting.log.length };
  scene.answers.splice(0);
  scene.sent.forget();
  const ingestion = signInEvery(30, setting);

  await scenario.play(scene);
  const told = setting.log.slice(stood.log);
  const seen = scenario.seen ? [scenario.seen] : seenBy(scene.answers, told);
  const leftOver = setting.cloud.wire.faults.length - faultless;

  const { repeats } = scenario;
  const isDone = (): boolean | Promise<boolean> => (repeats ? isAnswered(scene, repeats.path) : isConverged(scene));
  const again = (): Promise<unknown> => (repeats ? repeatCall(scene, repeats) : scene.run());
  const more = scenario.waitsForPerson ? undefined : await repeatUntil(isDone, MOST_RUNS, again);
  const runs = more === undefined ? undefined : Math.max(more, scene.notedRuns());
  if (scenario.from === "empty" || scenario.from === "registered") await finish(scene);
  ingestion.stop();
  const relaxed = signInEvery(360, setting);
  await scene.run();
  await scene.sleep(DAY);
  for (let runs = 0; runs < 2; runs += 1) await scene.run();
  relaxed.stop();

  const refusals = [...ingestion.refusals(), ...relaxed.refusals()];
  const lost = stood.foreign - scene.truth.foreign().length;
  const breaches = [
    ...refusals.map(({ pipeline, reason }) => broken("availability", `ingestion (${pipeline}) was refused: ${reason}`)),
    ...(lost > 0 ? [broken("foreign safety", "a credential that is not ours is gone")] : []),
    ...scene.watch.breaches(),
    ...leaks(scene).map((where) => broken("secrecy", where)),
    ...(scenario.waitsForPerson ? [] : await unconverged(scene, runs)),
    ...scene.verified.filter(({ holds }) => !holds).map(({ sentence }) => `not true: ${sentence}`),
    ...(leftOver === 0 ? [] : ["the scenario left its fault in place"]),
    ...setting.cloud.violations().map((violation) => `contract violated: ${violation}`),
  ];
  const isOpen = scenario.open !== undefined;
  const failures = isOpen && breaches.length === 0 ? ["what is noted as open holds now"] : isOpen ? [] : breaches;
  const trace = scenario.overlaps ? "" : traceOf(setting.log.slice(stood.log));
  return { scenario, trace, verified: scene.verified, seen, runs, refused: refusals.length, failures };
}

async function unconverged(scene: Scene, runs: number | undefined): Promise<string[]> {
  const late = runs === undefined ? [`not converged after ${MOST_RUNS} runs: ${await whyNot(scene)}`] : [];
  return [...late, ...scene.truth.unsteady()].map((what) => broken("convergence", what));
}

/** Where a secret value, or a token, shows in the log or in an answer of the app. */
function leaks({ setting, answers, watch }: Scene): string[] {
  const secrets = watch.secrets();
  const all = [...setting.log.map(({ message }) => message), JSON.stringify(answers)];
  if (leaksIn(all.join("\n"), secrets).length === 0) return [];
  return [
    ...setting.log.flatMap(({ message, functionName = "the host" }) =>
      leaksIn(message, secrets).map((what) => `${what} is in the log of ${functionName}`),
    ),
    ...answers.flatMap(({ call, answer }) =>
      leaksIn(JSON.stringify(answer.body), secrets).map((what) => `${what} is in an answer to ${call}`),
    ),
  ];
}

function overlapOf({ given }: Scenario): number {
  return Number(given?.settings?.SECRET_OVERLAP_DAYS ?? OVERLAP_DAYS) * DAY;
}

/** Ingestion that begins at twenty-five past an hour, so that it never coincides with the timer. */
function signInEvery(minutes: number, { clock, cloud }: Setting): Ingestion {
  const { openMetadata, urls } = cloud;
  const ingestion = createIngestion({
    clock,
    openMetadata,
    openMetadataUrl: urls.openMetadata,
    everyMinutes: minutes,
  });
  ingestion.start();
  return ingestion;
}

/** Where calls are repeated, the app has converged when the last one said so. */
function isAnswered({ answers }: Scene, path: string): boolean {
  const last = answers.at(-1);
  return last?.call === `POST /api/${path}` && last.answer.status === 200;
}

/** What remains to be called so that the whole journey can be judged. */
async function finish(scene: Scene): Promise<void> {
  for (const path of ["provision", "consent", "rotate"]) {
    const { status, body } = await scene.converge(path);
    if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
  }
}
