import type { KeyVaultEvent } from "../../../local/cloud/key-vault/event.ts";
import { HOUR, MINUTE, SECOND } from "../../../shared/limits.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";
import { SECRET, STAGED } from "../truth.ts";

const DELIVERY = "Microsoft Learn: Event Grid message delivery and retry";
const DEPLOY = { service: "openmetadata", method: "POST", path: /\/bulk\/deploy$/ } as const;

/** Faults of Event Grid, which promises delivery at least once, in no order, sooner or later or never. */
export const EVENT_GRID: Scenario[] = [
  {
    fault: 28,
    title: "An event comes three times at once",
    source: DELIVERY,
    injected: "each event is delivered three times at the same moment",
    from: "due",
    overlaps: true,
    async play(scene) {
      scene.cloud.eventGrid.faults.shape = () => [SECOND, SECOND, SECOND];
      await scene.run();
      scene.verify(
        "issued one secret, and delivered it",
        scene.issued() === 1 && scene.truth.undelivered().length === 0,
      );
      usual(scene);
    },
  },
  {
    fault: 29,
    title: "A stale event comes after a newer one",
    source: DELIVERY,
    injected: "the event of one rotation comes after a second rotation is finished",
    from: "due",
    async play(scene) {
      scene.cloud.eventGrid.faults.shape = () => [90 * MINUTE];
      await scene.run();
      usual(scene);
      await scene.converge("rotate", { because: "fault list", issuedBefore: scene.clock.now().toISOString() });
      const [pushed, version] = [scene.pushed(), scene.truth.current()?.version];
      await scene.run();
      await scene.run();
      const late = delivered(scene).filter(({ data }) => data.ObjectName === SECRET && data.Version !== version);
      scene.verify("pushed what is current when it came, and not what the event named", late.length > 0);
      scene.verify("the late event made no push but the confirmation", scene.pushed() === pushed + 1);
    },
  },
  {
    fault: 30,
    variant: "lost",
    title: "An event never comes",
    source: DELIVERY,
    injected: "Event Grid loses every event",
    from: "due",
    async play(scene) {
      scene.cloud.eventGrid.faults.shape = () => [];
      await scene.run(2);
      scene.verify("the secret is current, and not delivered yet", scene.truth.undelivered().length > 0);
      usual(scene);
    },
  },
  {
    fault: 30,
    variant: "dropped",
    title: "The function app answers 403, as a stopped one does, and the event is dropped",
    source: "Azure/azure-functions-eventgrid-extension#113",
    injected: "deliveries are answered 403, which Event Grid does not retry",
    from: "due",
    async play(scene) {
      const stopped = scene.inject(
        { service: "event-grid", method: "POST" },
        { kind: "answer", response: () => new Response(null, { status: 403, headers: { "x-injected-fault": "1" } }) },
      );
      await scene.run();
      scene.verify("the event is gone for good", scene.cloud.eventGrid.dropped().length > 0);
      stopped.end();
    },
  },
  {
    fault: 31,
    title: "A handler would take longer than Event Grid waits, and the event comes again",
    source: DELIVERY,
    injected: "OpenMetadata takes twenty-five seconds to deploy the pipelines, once",
    from: "due",
    async play(scene) {
      const slow = scene.inject({ ...DEPLOY, times: 1 }, scene.slowly(25 * SECOND));
      const before = scene.cloud.eventGrid.deliveries().length;
      await scene.run();
      const deliveries = scene.cloud.eventGrid.deliveries().slice(before);
      const attempts = deliveries.filter(({ event }) => event.subject === SECRET);
      const inTime = attempts.every(({ outcome }) => outcome !== "TimedOut");
      scene.verify(
        "left it to the queue after twenty seconds, before Event Grid gave up",
        inTime && attempts.length === 1,
      );
      scene.verify("delivered it by the queue", scene.truth.undelivered().length === 0);
      slow.end();
    },
  },
  {
    fault: 32,
    title: "Event Grid delays new events for hours",
    source: `${DELIVERY} (delayed delivery)`,
    injected: "events come three hours late",
    from: "due",
    async play(scene) {
      scene.cloud.eventGrid.faults.shape = () => [3 * HOUR];
      await scene.run(2);
      const before = scene.truth.undelivered().length;
      await scene.clock.advance(5 * MINUTE);
      scene.verify("the queue delivered it five minutes later", before > 0 && scene.truth.undelivered().length === 0);
      await scene.run();
      const pushed = scene.pushed();
      await scene.run();
      await scene.run();
      const came = delivered(scene).some(({ subject }) => subject === SECRET);
      scene.verify("the late event did nothing", came && scene.pushed() === pushed);
      usual(scene);
    },
  },
  {
    fault: 36,
    title: "The app hears of its own writes to the vault",
    source: "martijnvdp/terraform-azurerm-automation-runbook-app-secret-rotation",
    injected: "nothing: every version that is announced or staged raises an event",
    from: "due",
    async play(scene) {
      await scene.run(10);
      const own = delivered(scene).filter(({ subject }) => subject === STAGED).length;
      scene.verify(
        "ignored its own, and pushed and issued once",
        own >= 2 && scene.pushed() === 1 && scene.issued() === 1,
      );
    },
  },
];

function usual({ cloud }: Scene): void {
  delete cloud.eventGrid.faults.shape;
}

/** The events that the app has accepted. */
function delivered({ cloud }: Scene): KeyVaultEvent[] {
  return cloud.eventGrid
    .deliveries()
    .filter(({ outcome }) => outcome === "Delivered")
    .map(({ event }) => event);
}
