import { DAY, MINUTE } from "../../shared/limits.ts";
import { START } from "./open-app.ts";
import type { Stage } from "./scenario.ts";
import type { Scene } from "./scene.ts";

/** Days after which, by the default settings, a secret is due. */
const DUE = 60;

/**
 * A scene of what is due begins so many minutes past the hour. The app has slept until then: it notices at once that the
 * timer has been silent, and sweeps, a moment before the timer does.
 */
const JUST_BEFORE_THE_TIMER = 58;

const PIPELINES = ["warehouse-lineage", "warehouse-metadata"];

/** Brings the app to where the fault shall strike, over HTTP, and leaves the clock between two runs of the timer. */
export async function bringTo(stage: Stage, scene: Scene): Promise<void> {
  const { clock, cloud } = scene;
  for (const name of PIPELINES) cloud.openMetadata.addPipeline({ name, deployed: true });
  const reach = (days: number, minutes = 25): number =>
    START.getTime() + days * DAY + minutes * MINUTE - clock.now().getTime();
  if (stage === "empty") return clock.advance(reach(0));
  await call("provision", scene);
  if (stage === "registered") return clock.advance(reach(0));
  await call("consent", scene);
  // Somebody else's, which must outlive everything.
  scene.addByHand("for the monthly export");
  if (stage === "provisioned") return clock.advance(reach(0));
  await call("rotate", scene);
  await scene.run();
  if (stage === "settled") return;
  if (stage === "staged") {
    await scene.sleep(reach(DUE - 1));
    await scene.run();
  }
  await scene.sleep(reach(DUE, JUST_BEFORE_THE_TIMER));
}

async function call(path: string, scene: Scene): Promise<void> {
  const { status, body } = await scene.converge(path);
  if (status !== 200) throw new Error(`Cannot set the stage: ${path} answered ${status} ${JSON.stringify(body)}`);
}
