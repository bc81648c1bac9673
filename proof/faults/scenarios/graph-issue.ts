import type { FaultEffect } from "../../../local/cloud/exchange.ts";
import { installationMark, signedName } from "../../../shared/clients/graph/marks.ts";
import { HOUR, MINUTE, SECOND } from "../../../shared/limits.ts";
import { graphAnswer, graphSays } from "../../strikes/refusals.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";
import { SECRET } from "../truth.ts";

const ADD = { service: "graph", path: /\/addPassword$/ } as const;

const CONCURRENT: [string, string] = [
  "Directory_ConcurrencyViolation",
  "Error due to concurrent requests being made to the tenant. Please wait briefly and retry.",
];

/** Faults of Graph when a client secret is issued. */
export const GRAPH_ISSUE: Scenario[] = [
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
    repeats: { path: "rotate" },
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
      scene.verify("never left more than four of them: then it issues no more", scene.mostOrphans() <= 4);
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
    fault: 10,
    variant: "ours",
    title: "Five managed secrets exist: something keeps losing them",
    source: "hashicorp/vault-plugin-secrets-azure (client.go)",
    injected: "four more secrets with our mark lie in Entra; a person removes them later",
    from: "settled",
    repeats: { path: "rotate", body: { because: "fault list" } },
    async play(scene) {
      const more = plantManaged(scene, 4);
      await scene.clock.advance(2 * HOUR);
      scene.sent.forget();
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
      await scene.run();
      scene.verify("removed the oldest, issued one", scene.issued() === 1);
      scene.verify("never had more than five", scene.truth.managed().length <= 5);
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

function refusedOnce(status: 400 | 409, refusal: [string, string]): Scenario["play"] {
  return async (scene) => {
    const refused = scene.inject({ ...ADD, times: 1 }, graphSays(status, refusal));
    await scene.run();
    scene.verify("asked once, and again in a run of its own, half a minute later at least", isPatient(refused.times));
    scene.verify("left no orphan", scene.truth.orphans().length === 0);
    refused.end();
  };
}

function ambiguous(effect: FaultEffect): Scenario["play"] {
  return async (scene) => {
    const lost = scene.inject({ ...ADD, times: 1 }, effect);
    await scene.run();
    scene.verify("asked once, and again in a run of its own, half a minute later at least", isPatient(lost.times));
    scene.verify("left one inert orphan, which is retired later", scene.truth.orphans().length === 1);
    lost.end();
  };
}

/** Twice, and not as a client repeats a request. */
function isPatient([first = 0, second = 0, ...others]: readonly number[]): boolean {
  return second - first >= 30 * SECOND && others.length === 0;
}

function plantManaged(scene: Scene, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => scene.addByHand(signedName(installationMark(scene.cloud.urls.vault, SECRET), `lost-${index}`)).keyId,
  );
}

function nothingWritten(scene: Scene): boolean {
  return [...scene.writes("graph"), ...scene.writes("key-vault"), ...scene.writes("openmetadata")].length === 0;
}
