import { MINUTE } from "../../../shared/limits.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";
import { REGISTRATION } from "../truth.ts";

const ADD = { service: "graph", path: /\/addPassword$/ } as const;

/** What people do in the portal while the app works. */
export const PEOPLE: Scenario[] = [
  {
    fault: 44,
    variant: "added",
    title: "A person adds a secret in the middle of a rotation",
    source: "hashicorp/terraform-provider-azuread#1549",
    injected: "a second secret made by hand appears the moment that ours is issued",
    from: "due",
    async play(scene) {
      const meanwhile = scene.inject(
        { ...ADD, times: 1 },
        {
          kind: "after",
          response(original) {
            scene.addByHand("while you were rotating");
            return original;
          },
        },
      );
      await scene.run();
      scene.verify("left it alone", scene.truth.foreign().length === 2);
      scene.verify("reports it in GET /api/status", (await foreignInStatus(scene)) === 2);
      meanwhile.end();
    },
  },
  {
    fault: 44,
    variant: "staged one removed",
    title: "A person removes the staged secret before it is promoted",
    source: "hashicorp/vault#31758",
    injected: "the proven successor is removed in Entra ten minutes before it would become current",
    from: "staged",
    async play(scene) {
      const staged = scene.truth.staged();
      scene.cloud.directory.removePasswordByHand(staged?.tags.keyId ?? "");
      await scene.run();
      scene.verify("issued another one instead of making it current", scene.issued() === 1);
    },
  },
  {
    fault: 44,
    variant: "proven one removed",
    title: "A person removes the new secret between its proof and its promotion",
    source: "hashicorp/vault#31758",
    injected: "the new secret is removed in Entra right after its fifth sign-in; the list goes on showing it",
    from: "due",
    async play(scene) {
      const { cloud, truth } = scene;
      const before = truth.current()?.version;
      const remove = scene.inject({ service: "entra", path: /\/oauth2\/v2\.0\/token$/ }, (_request, hit) => {
        if (hit === 6) {
          cloud.directory.removePasswordByHand(truth.staged()?.tags.keyId ?? "");
          cloud.directory.replication = { objects: 0, secrets: 0, reads: 20 * MINUTE };
        }
        return undefined;
      });
      await scene.run();
      scene.verify(
        "signed in once more before promoting, and did not make it current",
        truth.current()?.version === before,
      );
      remove.end();
      cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    },
  },
  {
    fault: 45,
    title: "The current secret is gone from Entra: an outage",
    source: "jpsantoscosta/azure-app-secret-rotation-guardrails",
    injected: "a person removes it in Entra a minute before the timer runs; no ingestion runs in that minute",
    from: "settled",
    async play(scene) {
      await scene.clock.advance(34 * MINUTE);
      scene.cloud.directory.removePasswordByHand(scene.truth.current()?.tags.keyId ?? "");
      await scene.run();
      scene.noteRuns(1);
      scene.verify("replaced it at once, after a proof like any other", scene.truth.undelivered().length === 0);
    },
  },
  {
    fault: 46,
    variant: "namesake",
    title: "Somebody makes another application of the same display name",
    source: "martijnvdp/terraform-azurerm-automation-runbook-app-secret-rotation, nais/azurerator",
    injected: "an application with the display name of ingestion's registration is made by hand",
    from: "due",
    async play(scene) {
      const { clientId } = scene.cloud.directory.createApi({ displayName: REGISTRATION, appRoles: [] });
      await scene.run();
      const namesake = scene.cloud.directory.applications().find(({ appId }) => appId === clientId);
      scene.verify(
        "rotated its own, and gave the other one nothing",
        scene.issued() === 1 && namesake?.secrets.length === 0,
      );
    },
  },
  {
    fault: 46,
    variant: "deleted",
    title: "The registration is deleted, and restored",
    source: "Microsoft Learn: Restore or remove a recently deleted application",
    injected:
      "ingestion's registration is deleted for minutes; restoring it brings back neither service principal nor consent",
    from: "settled",
    repeats: { path: "rotate", body: { because: "restored" } },
    play: deletedAndRestored,
  },
  {
    fault: 46,
    variant: "deleted, no reason given",
    title: "The same, and a pipeline repeats its usual calls",
    source: "Microsoft Learn: Restore or remove a recently deleted application",
    injected: "the same; POST /api/rotate is then called without a reason to replace the secret",
    from: "settled",
    repeats: { path: "rotate" },
    play: deletedAndRestored,
  },
];

async function deletedAndRestored(scene: Scene): Promise<void> {
  const { directory } = scene.cloud;
  directory.deleteApplication(REGISTRATION);
  const rotated = await scene.post("rotate");
  const made = await scene.post("provision");
  scene.verify("made no second one, and said how to restore it", rotated.status === 409 && made.status === 409);
  directory.restoreApplication(REGISTRATION);
  await scene.converge("provision");
  await scene.converge("consent");
}

async function foreignInStatus({ setting }: Scene): Promise<number | undefined> {
  const { body } = await setting.call("GET", "status");
  const [deployment] = body.deployments as { credentials: { inEntra?: { foreign: number } }[] }[];
  return deployment?.credentials[0]?.inEntra?.foreign;
}
