import type { KeyVaultEvent } from "../../../local/cloud/key-vault/event.ts";
import { MINUTE } from "../../../shared/limits.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";
import { SECRET } from "../truth.ts";
import { envelope } from "../vault-event.ts";

/** The event that a secret is near its expiry: too early, too often, or never. */
export const NEAR_EXPIRY: Scenario[] = [
  {
    fault: 33,
    variant: "at birth",
    title: "A secret with a short life is near its expiry at birth",
    source: "MicrosoftDocs/azure-docs#45793; Microsoft Learn: Automate the rotation of a secret",
    injected: "secrets live for twenty days, so that SecretNearExpiry comes fifteen minutes after each new version",
    from: "settled",
    given: { settings: { SECRET_LIFETIME_DAYS: "20", SECRET_RENEW_BEFORE_DAYS: "5" } },
    async play(scene) {
      await scene.converge("rotate", { because: "fault list", issuedBefore: scene.clock.now().toISOString() });
      const events = (): number => delivered(scene).filter(({ eventType }) => eventType.endsWith("NearExpiry")).length;
      const before = events();
      await scene.run();
      scene.verify("did not rotate again because of it", events() > before && scene.issued() === 1);
    },
  },
  {
    fault: 33,
    variant: "disabled",
    title: "SecretNearExpiry comes for a disabled secret, and the timer sees it too",
    source: "MicrosoftDocs/azure-docs#56992",
    injected: "a person disables the current secret; the event comes a minute before the timer",
    from: "settled",
    async play(scene) {
      const version = scene.truth.current()?.version ?? "";
      scene.cloud.vault.disable(SECRET);
      await scene.clock.advance(34 * MINUTE);
      const status = await scene.deliver("rotate-on-near-expiry", [envelope(scene, "NearExpiry", version)]);
      await scene.run();
      scene.verify("replaced it once, on the event", status === 202 && scene.issued() === 1);
    },
  },
  {
    fault: 34,
    title: "SecretNearExpiry never comes",
    source: "MicrosoftDocs/azure-docs#53739, #92020",
    injected: "the event was lost when the secret became due",
    from: "due",
    async play(scene) {
      await scene.run();
      const near = delivered(scene).some(({ eventType }) => eventType.endsWith("NearExpiry"));
      scene.verify("the timer rotated without it", !near && scene.issued() === 1);
    },
  },
];

/** The events that the app has accepted. */
function delivered({ cloud }: Scene): KeyVaultEvent[] {
  return cloud.eventGrid
    .deliveries()
    .filter(({ outcome }) => outcome === "Delivered")
    .map(({ event }) => event);
}
