import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";
import { SECRET } from "../truth.ts";
import { envelope } from "../vault-event.ts";

const SCHEMA = "Microsoft Learn: Azure Key Vault as Event Grid source";

/** Events that look otherwise than they should. */
export const EVENT_SCHEMA: Scenario[] = [
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
      await scene.run(2);
      const event = { id: "1", eventType: "Microsoft.KeyVault.SecretNewVersionCreated", subject: SECRET };
      const status = await scene.deliver("push-client-secret", [event]);
      scene.verify(
        "answered 202, so that it does not come again, and did nothing",
        status === 202 && scene.pushed() === 0,
      );
      usual(scene);
    },
  },
];

function usual({ cloud }: Scene): void {
  delete cloud.eventGrid.faults.shape;
}

/** Instead of the vault's event, which is lost, comes one that somebody wrote. */
function quirky(write: (scene: Scene, version: string) => object): Scenario["play"] {
  return async (scene) => {
    scene.cloud.eventGrid.faults.shape = () => [];
    await scene.run(2);
    const status = await scene.deliver("push-client-secret", write(scene, scene.truth.current()?.version ?? ""));
    scene.verify("understood it, and delivered the secret", status === 202 && scene.truth.undelivered().length === 0);
    usual(scene);
  };
}
