import { openSetting, type Setting } from "../../journey/setting.ts";
import type { Certificate } from "../../local/cloud/certificate.ts";
import { createIngestion, type Ingestion } from "../../local/cloud/ingestion/create-ingestion.ts";
import { type Hold, installCloudTime } from "./cloud-time.ts";
import { isConverged, repeat, whyNot } from "./converged.ts";
import { leaksIn } from "./leaks.ts";
import { nameOf, type Scenario } from "./scenario.ts";
import { DAY, type Scene, sceneOf } from "./scene.ts";
import { bringTo, START } from "./stage.ts";
import { seenBy } from "./told.ts";
import { traceOf } from "./trace.ts";

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

/** What all scenarios of a process share. */
export interface Stagecraft {
  /** The bundle, made with `onCloudTime`. */
  main: string;
  /** Trusted by the process. */
  certificate: Certificate;
}

const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
const MOST_RUNS = 2;
/** A day instead of a week: the rules are the same. */
const OVERLAP_DAYS = "1";

/** Plays a scenario in a cloud of its own and judges it. */
export async function play(scenario: Scenario, { main, certificate }: Stagecraft): Promise<Outcome> {
  const { settings, ...given } = scenario.given ?? {};
  const setting = await openSetting({
    start: START,
    tenantId: TENANT,
    main,
    certificate,
    settings: { SECRET_OVERLAP_DAYS: OVERLAP_DAYS, ...settings },
    ...given,
  });
  const { hold, uninstall } = installCloudTime(setting.clock, setting.cloud.wire);
  try {
    return await act(scenario, setting, hold);
  } catch (error) {
    throw new Error(`${nameOf(scenario)} could not be played`, { cause: error });
  } finally {
    await setting.close();
    uninstall();
  }
}

async function act(scenario: Scenario, setting: Setting, hold: Hold): Promise<Outcome> {
  const faultless = setting.cloud.wire.faults.length;
  const scene = sceneOf(setting, hold, { overlap: scenario.revokes ? 0 : overlapOf(scenario) });
  await bringTo(scenario.from, scene);
  const stood = { foreign: scene.truth.foreign().length, log: setting.log.length };
  scene.answers.splice(0);
  scene.watch.forget();
  const ingestion = signInEvery(30, setting);

  await scenario.play(scene);
  const told = setting.log.slice(stood.log);
  const seen = scenario.seen ? [scenario.seen] : seenBy(scene.answers, told);
  const leftOver = setting.cloud.wire.faults.length - faultless;

  const again = scenario.repeats ? repeat(scenario.repeats) : runTimer;
  let runs: number | undefined = 0;
  if (scenario.waitsForPerson) runs = undefined;
  else {
    let converged = scenario.repeats ? isAnswered(scene, scenario.repeats.path) : await isConverged(scene);
    for (; !converged && runs < MOST_RUNS; runs += 1) converged = await again(scene);
    runs = converged ? Math.max(runs, scene.notedRuns()) : undefined;
  }
  if (scenario.from === "empty" || scenario.from === "registered") await finish(scene);
  ingestion.stop();
  const relaxed = signInEvery(360, setting);
  await scene.run();
  await scene.sleep(DAY);
  for (let runs = 0; runs < 2; runs += 1) await scene.run();
  relaxed.stop();

  const refusals = [...ingestion.refusals(), ...relaxed.refusals()];
  const lost = stood.foreign - scene.truth.foreign().length;
  const broken = [
    ...scene.verified.filter(({ holds }) => !holds).map(({ sentence }) => `not true: ${sentence}`),
    ...(leftOver === 0 ? [] : ["the scenario left its fault in place"]),
    ...(runs === undefined && !scenario.waitsForPerson
      ? [`not converged after ${MOST_RUNS} runs: ${await whyNot(scene)}`]
      : []),
    ...(scenario.waitsForPerson ? [] : scene.truth.unsteady().map((what) => `no steady state: ${what}`)),
    ...refusals.map(({ pipeline, reason }) => `ingestion (${pipeline}) was refused: ${reason}`),
    ...(lost > 0 ? ["a credential that is not ours is gone"] : []),
    ...scene.watch.breaches(),
    ...leaksIn(scene),
    ...setting.cloud.violations().map((violation) => `contract violated: ${violation}`),
  ];
  const failures = scenario.open === undefined ? broken : broken.length > 0 ? [] : ["what is noted as open holds now"];
  const trace = scenario.overlaps ? "" : traceOf(setting.log.slice(stood.log));
  return { scenario, trace, verified: scene.verified, seen, runs, refused: refusals.length, failures };
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

async function runTimer(scene: Scene): Promise<boolean> {
  await scene.run();
  return isConverged(scene);
}

/** What remains to be called so that the whole journey can be judged. */
async function finish(scene: Scene): Promise<void> {
  for (const path of ["provision", "consent", "rotate"]) {
    const { status, body } = await scene.converge(path);
    if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
  }
}
