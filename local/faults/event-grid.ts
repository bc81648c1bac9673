import type { KeyVaultEvent } from "../cloud/key-vault/event.ts";
import type { Scenario } from "./scenario.ts";
import { HOUR, MINUTE, type Scene, SECOND } from "./scene.ts";
import { SECRET, STAGED } from "./truth.ts";

const DELIVERY = "Microsoft Learn: Event Grid message delivery and retry";
const SCHEMA = "Microsoft Learn: Azure Key Vault as Event Grid source";
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
      await scene.run();
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
    title: "A handler takes longer than Event Grid waits, and the event comes again",
    source: DELIVERY,
    injected: "OpenMetadata takes forty seconds to deploy the pipelines, once",
    from: "due",
    overlaps: true,
    async play(scene) {
      const slow = scene.inject(DEPLOY, (hit) =>
        hit === 1 ? { kind: "after", response: (original) => later(original, scene) } : undefined,
      );
      await scene.run();
      const ended = scene.cloud.eventGrid.deliveries().filter(({ event }) => event.subject === SECRET);
      scene.verify("was called again, and harmed nothing", ended.length >= 2 && scene.truth.undelivered().length === 0);
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
      await scene.run();
      const before = scene.truth.undelivered().length;
      await scene.run();
      scene.verify("the next run of the timer delivered it", before > 0 && scene.truth.undelivered().length === 0);
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
  {
    fault: 35,
    variant: "blanks",
    title: "An event has the stray blanks of Microsoft's sample",
    source: SCHEMA,
    injected: 'the event has the keys "ObjectName " and " data", and times as text',
    from: "due",
    play: quirky((scene, version) => {
      const { data, ...event } = envelope(scene, "NewVersionCreated", version);
      const { ObjectName, ...rest } = data;
      return [
        { ...event, " data": { ...rest, "ObjectName ": ` ${ObjectName}`, EXP: "1559082102", NBF: "1559081980" } },
      ];
    }),
  },
  {
    fault: 35,
    variant: "CloudEvents",
    title: "An event comes in the other schema",
    source: SCHEMA,
    injected: "the event comes as CloudEvent, single, with keys in camel case",
    from: "due",
    play: quirky((scene, version) => {
      const { id, subject, eventType: type, topic: source, data } = envelope(scene, "NewVersionCreated", version);
      const { ObjectName: objectName, ObjectType: objectType, VaultName: vaultName } = data;
      return { specversion: "1.0", id, source, type, subject, data: { objectName, objectType, vaultName } };
    }),
  },
  {
    fault: 35,
    variant: "malformed",
    title: "An event cannot be understood",
    source: SCHEMA,
    injected: "the event has no data; the real one is lost",
    from: "due",
    async play(scene) {
      scene.cloud.eventGrid.faults.shape = () => [];
      await scene.run();
      const event = { id: "1", eventType: "Microsoft.KeyVault.SecretNewVersionCreated", subject: SECRET };
      const status = await scene.deliver("push-client-secret", [event]);
      scene.verify(
        "answered 202, so that it does not come again, and did nothing",
        status === 202 && scene.pushed() === 0,
      );
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
      await scene.run();
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

async function later(original: Response, { clock }: Scene): Promise<Response> {
  await clock.advance(40 * SECOND);
  return original;
}

/** Instead of the vault's event, which is lost, comes one that somebody wrote. */
function quirky(write: (scene: Scene, version: string) => object): Scenario["play"] {
  return async (scene) => {
    scene.cloud.eventGrid.faults.shape = () => [];
    await scene.run();
    const status = await scene.deliver("push-client-secret", write(scene, scene.truth.current()?.version ?? ""));
    scene.verify("understood it, and delivered the secret", status === 202 && scene.truth.undelivered().length === 0);
    usual(scene);
  };
}

function envelope({ cloud, clock }: Scene, kind: "NewVersionCreated" | "NearExpiry", version: string) {
  const vault = new URL(cloud.urls.vault).hostname.split(".")[0] ?? "";
  return {
    id: "00eccf70-95a7-4e7c-8299-2eb17ee9ad64",
    topic: `/subscriptions/0/resourceGroups/openmetadata/providers/Microsoft.KeyVault/vaults/${vault}`,
    subject: SECRET,
    eventType: `Microsoft.KeyVault.Secret${kind}`,
    eventTime: clock.now().toISOString(),
    data: {
      Id: `${cloud.urls.vault}/secrets/${SECRET}/${version}`,
      VaultName: vault,
      ObjectType: "Secret",
      ObjectName: SECRET,
      Version: version,
      NBF: null,
      EXP: null,
    },
    dataVersion: "1",
    metadataVersion: "1",
  };
}
