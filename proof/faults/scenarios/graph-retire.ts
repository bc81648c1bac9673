import type { Secret } from "../../../local/cloud/directory/secret.ts";
import { DAY, HOUR } from "../../../shared/limits.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

const REMOVE = { service: "graph", path: /\/removePassword$/ } as const;
const LIST = {
  service: "graph",
  method: "GET",
  path: /\/applications\(uniqueName='openmetadata-ingestion'\)$/,
} as const;

/** Faults of Graph when a client secret is removed. */
export const GRAPH_RETIRE: Scenario[] = [
  {
    fault: 8,
    variant: "still listed",
    title: "A removed secret is listed for hours",
    source: "Azure/azure-cli#27832",
    injected: "after removePassword the list goes on showing the secret for three runs",
    from: "due",
    async play(scene) {
      await scene.run();
      const old = oldestManaged(scene);
      await scene.sleep(DAY);
      const stale = scene.inject(LIST, { kind: "after", response: (original) => withSecret(original, old) });
      const removals = (): number => scene.writes("graph").filter((line) => line.endsWith("/removePassword")).length;
      for (let runs = 0; runs < 3; runs += 1) await scene.run();
      scene.verify("retired it again and took its absence for success", removals() >= 2);
      stale.end();
    },
  },
  {
    fault: 8,
    variant: "still alive",
    title: "A removed secret is no longer listed, and still signs in",
    source: "Azure/azure-cli#27832",
    injected: "removePassword is answered 204 and the list forgets it, but Entra goes on accepting it for an hour",
    from: "settled",
    revokes: true,
    async play(scene) {
      const old = oldestManaged(scene);
      const forgets = scene.inject(REMOVE, { kind: "answer", response: () => new Response(null, { status: 204 }) });
      const hidden = { kind: "after", response: (original: Response) => withoutSecret(original, old) } as const;
      const hides = scene.inject(LIST, () => (forgets.hits() > 0 ? hidden : undefined));
      const issuedBefore = scene.clock.now().toISOString();
      const { status } = await scene.converge("rotate", { because: "leak", revokeOld: true, issuedBefore });
      const isHeld = scene.truth.holders().some(({ value }) => value === old?.value);
      scene.verify("had delivered the new one before, so that nobody depended on it", status === 200 && !isHeld);
      scene.verify("could not know that it lived on: Graph said that it was gone", scene.truth.managed().length === 2);
      forgets.end();
      hides.end();
    },
  },
  {
    fault: 9,
    title: "A secret to be removed is gone already",
    source: "hashicorp/vault-plugin-secrets-azure (client.go)",
    injected: "a person removes the old secret; the list shows it for two hours more",
    from: "due",
    async play(scene) {
      await scene.run();
      const old = oldestManaged(scene);
      await scene.sleep(DAY);
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 2 * HOUR };
      if (old) scene.cloud.directory.removePasswordByHand(old.keyId);
      await scene.run();
      const asked = scene.writes("graph").some((line) => line.endsWith("/removePassword"));
      scene.verify('took "No password credential found" for success', asked);
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
      await scene.clock.advance(2 * HOUR);
    },
  },
];

function oldestManaged({ truth }: Scene): Secret | undefined {
  return truth.managed().toSorted((a, b) => a.addedAt - b.addedAt)[0];
}

interface Listed {
  passwordCredentials: { keyId: string }[];
}

async function withSecret(original: Response, secret: Secret | undefined): Promise<Response> {
  const answer = (await original.json()) as Listed;
  const there = !secret || answer.passwordCredentials.some(({ keyId }) => keyId === secret.keyId);
  const { value: _, addedAt: __, ...shown } = secret ?? { value: "", addedAt: 0, keyId: "" };
  const passwordCredentials = there ? answer.passwordCredentials : [...answer.passwordCredentials, shown];
  return Response.json({ ...answer, passwordCredentials }, original);
}

async function withoutSecret(original: Response, secret: Secret | undefined): Promise<Response> {
  const answer = (await original.json()) as Listed;
  const passwordCredentials = answer.passwordCredentials.filter(({ keyId }) => keyId !== secret?.keyId);
  return Response.json({ ...answer, passwordCredentials }, original);
}
