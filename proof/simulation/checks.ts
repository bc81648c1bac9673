import { deliveryChecks } from "./check-delivery.ts";
import { issueChecks } from "./check-issue.ts";
import { checkPromotion } from "./check-promotion.ts";
import { checkRetirement } from "./check-retirement.ts";
import type { Scene } from "./scene.ts";
import type { Watch } from "./watch.ts";

/** Holds every write against the promises, at the moment when it takes effect. */
export function checks(scene: () => Scene): Watch {
  const { revoked, ...delivery } = deliveryChecks(scene);
  return {
    ...issueChecks(scene),
    ...delivery,
    promoted: (run, version) => checkPromotion(scene(), run, version),
    staged: (run, version) => scene().journal.note(run.name, `the vault stores ${version.tags?.keyId} as staged`),
    retires(run, credential) {
      const { journal } = scene();
      const remover = checkRetirement(scene(), run, credential);
      journal.note(run.name, `Entra removes ${credential.keyId} (${remover})`);
      journal.count("credentials retired");
      if (remover === "revocation") revoked(run);
      return remover;
    },
  };
}
