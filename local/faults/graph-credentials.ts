import type { Secret } from "../cloud/directory/secret.ts";
import { graphAnswer, graphSays } from "./answers.ts";
import { call } from "./converged.ts";
import { first } from "./inject.ts";
import type { Scenario } from "./scenario.ts";
import { DAY, HOUR, MINUTE, type Scene, SECOND } from "./scene.ts";

const ADD = { service: "graph", path: /\/addPassword$/ } as const;
const REMOVE = { service: "graph", path: /\/removePassword$/ } as const;
const LIST = {
  service: "graph",
  method: "GET",
  path: /\/applications\(uniqueName='openmetadata-ingestion'\)$/,
} as const;

const CONCURRENT: [string, string] = [
  "Directory_ConcurrencyViolation",
  "Error due to concurrent requests being made to the tenant. Please wait briefly and retry.",
];

/** Faults of Graph that concern client secrets. */
export const GRAPH_CREDENTIALS: Scenario[] = [
  {
    fault: 5,
    variant: "409",
    title: "Graph refuses a new secret because of concurrent requests",
    source: "nais/azurerator#448, Azure/azure-cli#23081",
    injected: "addPassword is answered 409 Directory_ConcurrencyViolation once",
    from: "due",
    play: refusedOnce(409, CONCURRENT),
  },
  {
    fault: 5,
    variant: "400",
    title: "The same with another status",
    source: "nais/azurerator#448",
    injected: "addPassword is answered 400 Directory_ConcurrencyViolation once",
    from: "due",
    play: refusedOnce(400, CONCURRENT),
  },
  {
    fault: 5,
    variant: "503",
    title: "Graph is unavailable for a new secret",
    source: "Microsoft Learn: Microsoft Graph error responses",
    injected: "addPassword is answered 503 once, to a pipeline's call",
    from: "provisioned",
    again: call("rotate"),
    async play(scene) {
      const busy = scene.inject(
        ADD,
        graphSays(503, ["serviceNotAvailable", "The service is temporarily unavailable."]),
      );
      const { retryAfter } = await scene.post("rotate");
      scene.verify("asked for it once, without the repetition of Graph's client", busy.hits() === 1);
      scene.verify("told the caller to come back after ten seconds", retryAfter >= 10);
      busy.end();
    },
  },
  {
    fault: 6,
    variant: "reply lost",
    title: "A secret was added, and nobody heard its value",
    source: "nais/azurerator; Microsoft Learn: application: addPassword (the value is shown once)",
    injected: "the connection breaks once after addPassword has done its work",
    from: "due",
    play: ambiguous({ kind: "lose" }),
  },
  {
    fault: 6,
    variant: "500 after",
    title: "The same with an answer that says it failed",
    source: "nais/azurerator",
    injected: "addPassword does its work and answers 500, once",
    from: "due",
    play: ambiguous({
      kind: "after",
      response: () => graphAnswer(500, ["Service_InternalServerError", "Encountered an internal server error."]),
    }),
  },
  {
    fault: 6,
    variant: "four times",
    title: "The same, four hours running",
    source: "nais/azurerator",
    injected: "the answer to addPassword is lost at four runs in a row",
    from: "due",
    async play(scene) {
      const lost = scene.inject(ADD, { kind: "lose" });
      let oldest = 0;
      for (let runs = 0; runs < 4; runs += 1) {
        await scene.run();
        const ages = scene.truth.orphans().map(({ addedAt }) => scene.clock.now().getTime() - addedAt);
        oldest = Math.max(oldest, ...ages);
      }
      scene.verify("removed each orphan within three hours", oldest < 3 * HOUR);
      scene.verify("never left more than two of them", scene.mostOrphans() <= 2);
      lost.end();
    },
  },
  {
    fault: 7,
    title: "Reads do not show a new secret for minutes",
    source: "hashicorp/terraform-provider-azuread (waits for five reads)",
    injected: "Graph's answers to GET are ten minutes old",
    from: "due",
    async play(scene) {
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 10 * MINUTE };
      await scene.run();
      scene.verify("did not conclude from a list that it was not created", scene.issued() === 1);
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    },
  },
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
      await scene.clock.advance(DAY);
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
      await scene.clock.advance(DAY);
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 2 * HOUR };
      if (old) scene.cloud.directory.removePasswordByHand(old.keyId);
      await scene.run();
      const asked = scene.writes("graph").some((line) => line.endsWith("/removePassword"));
      scene.verify('took "No password credential found" for success', asked);
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
      await scene.clock.advance(2 * HOUR);
    },
  },
  {
    fault: 10,
    variant: "ours",
    title: "Five managed secrets exist: something keeps losing them",
    source: "hashicorp/vault-plugin-secrets-azure (client.go)",
    injected: "four more secrets with our mark lie in Entra; a person removes them later",
    from: "settled",
    again: call("rotate", { because: "fault list" }),
    async play(scene) {
      const more = plantManaged(scene, 4);
      await scene.clock.advance(2 * HOUR);
      scene.watch.forget();
      const { status } = await scene.post("rotate", { because: "fault list" });
      scene.verify(
        "refused to issue another one, before anything was written",
        status === 409 && nothingWritten(scene),
      );
      for (const keyId of more) scene.cloud.directory.removePasswordByHand(keyId);
    },
  },
  {
    fault: 10,
    variant: "ours, old",
    title: "The same when nobody can depend on them any more",
    source: "hashicorp/terraform-provider-azuread#641",
    injected: "four more secrets with our mark lie in Entra, two months after the last delivery",
    from: "due",
    async play(scene) {
      plantManaged(scene, 4);
      await scene.run();
      scene.verify("issued nothing while five were there", scene.issued() === 0);
    },
  },
  {
    fault: 10,
    variant: "others'",
    title: "The registration is full of secrets that are not ours",
    source: "microsoft-graph-docs-contrib#1142",
    injected: "addPassword is answered 400 Directory_QuotaExceeded until a person makes room",
    from: "due",
    async play(scene) {
      const message =
        "The size of the object has exceeded its limit. Please reduce the number of values and retry your request.";
      const full = scene.inject(ADD, graphSays(400, ["Directory_QuotaExceeded", message]));
      await scene.run();
      scene.verify("removed none of them", !scene.writes("graph").some((line) => line.endsWith("/removePassword")));
      full.end();
    },
  },
  {
    fault: 20,
    variant: "reads",
    title: "Graph throttles, and says for how long",
    source: "Microsoft Learn: Microsoft Graph throttling guidance",
    injected: "the first read of a run is answered 429 with Retry-After: 7, twice",
    from: "due",
    async play(scene) {
      const times: number[] = [];
      const throttled = scene.inject(LIST, (hit) => {
        times.push(scene.clock.now().getTime());
        return hit <= 2 ? TOO_MANY("7") : undefined;
      });
      await scene.run();
      const [one = 0, two = 0, three = 0] = times;
      scene.verify("waited as long as it was told", two - one >= 7 * SECOND && three - two >= 7 * SECOND);
      throttled.end();
    },
  },
  {
    fault: 20,
    variant: "write",
    title: "Graph throttles a write that must not be repeated",
    source: "Microsoft Learn: Microsoft Graph throttling guidance",
    injected: "addPassword is answered 429 with Retry-After: 40",
    from: "provisioned",
    again: call("rotate"),
    async play(scene) {
      const throttled = scene.inject(ADD, TOO_MANY("40"));
      const { retryAfter } = await scene.post("rotate");
      scene.verify(
        "asked once and told the caller to wait as long as Graph wants",
        throttled.hits() === 1 && retryAfter >= 40,
      );
      throttled.end();
    },
  },
  {
    fault: 20,
    variant: "no Retry-After",
    title: "Graph throttles for an hour without saying for how long",
    source: "Microsoft Learn: Microsoft Graph throttling guidance",
    injected: "every request is answered 429 during one run",
    from: "due",
    async play(scene) {
      const throttled = scene.inject({ service: "graph" }, TOO_MANY());
      await scene.run();
      scene.verify("gave up after a few attempts, for the next run to go on", throttled.hits() <= 4);
      throttled.end();
    },
  },
  {
    fault: 47,
    title: "A library turns adding a secret into replacing all of them",
    source: "Azure/azure-powershell#17088",
    injected: "nothing: with the libraries that are bundled now, the list is compared before and after",
    from: "due",
    async play(scene) {
      const before = [...scene.truth.managed(), ...scene.truth.foreign()].map(({ keyId }) => keyId);
      await scene.run();
      const after = [...scene.truth.managed(), ...scene.truth.foreign()].map(({ keyId }) => keyId);
      scene.verify(
        "added one and left every other one",
        before.every((keyId) => after.includes(keyId)),
      );
      scene.verify("used addPassword, never a PATCH of the list", scene.writes("graph").length === 1);
    },
  },
];

const TOO_MANY = (retryAfter?: string) =>
  graphSays(429, ["TooManyRequests", "Too many requests."], retryAfter ? { "retry-after": retryAfter } : {});

function refusedOnce(status: 400 | 409, refusal: [string, string]): Scenario["play"] {
  return async (scene) => {
    const refused = scene.inject(ADD, first(1, graphSays(status, refusal)));
    await scene.run();
    scene.verify("asked once in the run, and the next run asks again", refused.hits() === 1);
    scene.verify("left no orphan", scene.truth.orphans().length === 0);
    refused.end();
  };
}

function ambiguous(effect: Parameters<typeof first>[1]): Scenario["play"] {
  return async (scene) => {
    const lost = scene.inject(ADD, first(1, effect));
    await scene.run();
    scene.verify("asked once: the client did not repeat it", scene.issued() === 1);
    scene.verify("left one inert orphan, which is retired later", scene.truth.orphans().length === 1);
    lost.end();
  };
}

function oldestManaged({ truth }: Scene): Secret | undefined {
  return truth.managed().toSorted((a, b) => a.addedAt - b.addedAt)[0];
}

function plantManaged(scene: Scene, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => scene.addByHand(`managed by openmetadata-entra lost-${index}`).keyId,
  );
}

function nothingWritten(scene: Scene): boolean {
  return [...scene.writes("graph"), ...scene.writes("key-vault"), ...scene.writes("openmetadata")].length === 0;
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
