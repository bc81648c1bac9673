import { SECOND } from "../../../shared/limits.ts";
import { openMetadataSays } from "../../strikes/refusals.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

const DEPLOY = { service: "openmetadata", method: "POST", path: /\/bulk\/deploy$/ } as const;

/** OpenMetadata, or what deploys its pipelines, is down. */
export const OPENMETADATA_OUTAGE: Scenario[] = [
  {
    fault: 40,
    variant: "one fails",
    title: "A pipeline cannot be deployed, and keeps the credential of its last deployment",
    source: "open-metadata/OpenMetadata#4889, #24806",
    injected: "the runner refuses to deploy one of two pipelines during one run",
    from: "due",
    async play(scene) {
      scene.cloud.openMetadata.setDeployFails("warehouse-metadata", true);
      await scene.run();
      scene.verify("did not call it delivered, and kept the old secret", !isMarked(scene) && hasOld(scene));
      scene.cloud.openMetadata.setDeployFails("warehouse-metadata", false);
    },
  },
  {
    fault: 40,
    variant: "no runner",
    title: "The runner of the pipelines is down",
    source: "open-metadata/OpenMetadata#9060",
    injected: "every deployment is answered 500 during one run",
    from: "due",
    async play(scene) {
      const down = scene.inject(DEPLOY, openMetadataSays(500, "Failed to reach the pipeline service"));
      await scene.run();
      scene.verify("did not call it delivered, and kept the old secret", !isMarked(scene) && hasOld(scene));
      down.end();
    },
  },
  {
    fault: 43,
    variant: "refused",
    title: "OpenMetadata is down for hours",
    source: "open-metadata/OpenMetadata (upgrades)",
    injected: "no connection to OpenMetadata for five hours, while the secret becomes due",
    from: "due",
    async play(scene) {
      const down = scene.inject({ service: "openmetadata" }, { kind: "refuse" });
      for (let runs = 0; runs < 5; runs += 1) await scene.run();
      scene.verify("parked the push and kept the old secret", !isMarked(scene) && hasOld(scene));
      scene.verify("issued one secret in all that time", scene.issued() === 1);
      down.end();
    },
  },
  {
    fault: 43,
    variant: "slow",
    title: "OpenMetadata answers more slowly than the app waits",
    source: "open-metadata/OpenMetadata (upgrades)",
    injected: "every answer takes eleven seconds, during two runs",
    from: "due",
    async play(scene) {
      const slow = scene.inject({ service: "openmetadata" }, scene.slowly(11 * SECOND));
      await scene.run();
      await scene.run();
      scene.verify("gave up each time and kept the old secret", !isMarked(scene) && hasOld(scene));
      slow.end();
    },
  },
];

/** Does the app take it for delivered? */
function isMarked({ truth }: Scene): boolean {
  return truth.current()?.tags.deliveredOn !== undefined;
}

/** Two are alive: what consumers hold, and its successor. */
function hasOld({ truth }: Scene): boolean {
  const held = truth.holders().map(({ value }) => value);
  return truth.managed().length === 2 && held.every((value) => truth.managed().some((one) => one.value === value));
}
