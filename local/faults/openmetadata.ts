import { openMetadataSays, somethingElse } from "./answers.ts";
import type { first } from "./inject.ts";
import type { Scenario } from "./scenario.ts";
import { HOUR, type Scene } from "./scene.ts";

const PUT_USER = { service: "openmetadata", method: "PUT", path: /\/v1\/users$/ } as const;
const DEPLOY = { service: "openmetadata", method: "POST", path: /\/bulk\/deploy$/ } as const;
const SIGNED_IN = { service: "openmetadata", path: /\/v1\/(users|bots|services)/ } as const;

/** Faults of OpenMetadata. */
export const OPENMETADATA: Scenario[] = [
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
      scene.verify("did not call it delivered, and kept the old secret", !isDelivered(scene) && hasOld(scene));
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
      scene.verify("did not call it delivered, and kept the old secret", !isDelivered(scene) && hasOld(scene));
      down.end();
    },
  },
  {
    fault: 42,
    variant: "401",
    title: "OpenMetadata no longer accepts the app's token",
    source: "open-metadata/OpenMetadata#9353",
    injected: 'every call with a token is answered 401 "Expired token!" during one run',
    from: "due",
    play: refused(SIGNED_IN, openMetadataSays(401, "Expired token!")),
  },
  {
    fault: 42,
    variant: "no admin",
    title: "The app's user is no administrator any more",
    source: "open-metadata/OpenMetadata (AUTHORIZER_ADMIN_PRINCIPALS)",
    injected: "a person takes the right from the app's user, and gives it back later",
    from: "due",
    async play(scene) {
      const { openMetadata, app } = scene.cloud;
      const user = openMetadata.users().find(({ name }) => name === app.objectId);
      await setAdmin(scene, user?.id ?? "", false);
      await scene.run();
      scene.verify(
        "changed nothing, and kept the old secret",
        !isDelivered(scene) && hasOld(scene) && scene.pushed() === 0,
      );
      await setAdmin(scene, user?.id ?? "", true);
    },
  },
  {
    fault: 42,
    variant: "503",
    title: "OpenMetadata fails in the middle of a push",
    source: "open-metadata/OpenMetadata#10847",
    injected: "changing the bot's user is answered 503 during one run",
    from: "due",
    play: refused(PUT_USER, openMetadataSays(503, "Service Unavailable")),
  },
  {
    fault: 42,
    variant: "409",
    title: "OpenMetadata refuses the change",
    source: "open-metadata/OpenMetadata#10847",
    injected: "changing the bot's user is answered 409 during one run",
    from: "due",
    play: refused(PUT_USER, openMetadataSays(409, "Entity already exists")),
  },
  {
    fault: 42,
    variant: "ignored",
    title: "OpenMetadata says success and changes nothing",
    source: "open-metadata/OpenMetadata#12882",
    injected: "changing the bot's user is answered with the user as it is, during one run",
    from: "due",
    async play(scene) {
      const deaf = scene.inject(PUT_USER, { kind: "answer", response: () => unchangedUser(scene) });
      await scene.run();
      scene.verify("read back what was stored, and did not call it delivered", !isDelivered(scene) && hasOld(scene));
      deaf.end();
    },
  },
  {
    fault: 42,
    variant: "proxy",
    title: "A proxy answers for OpenMetadata",
    source: "open-metadata/OpenMetadata#9353",
    injected: "every call is answered 200 with a log-in page during one run",
    from: "due",
    play: refused({ service: "openmetadata" }, somethingElse(200, "<html><body>Log in</body></html>")),
  },
  {
    fault: 42,
    variant: "masked",
    title: "OpenMetadata shows a mask instead of the secret",
    source: "open-metadata/OpenMetadata (mask: true in the schemas)",
    injected: "nothing: this release always masks",
    from: "due",
    async play(scene) {
      await scene.run();
      const bodies = scene.watch.exchanges.filter(({ method }) => method === "PUT").map(({ body }) => body);
      scene.verify("never wrote a mask back", isDelivered(scene) && !bodies.join().includes("****"));
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
      scene.verify("parked the push and kept the old secret", !isDelivered(scene) && hasOld(scene));
      scene.verify("issued one secret in all that time", scene.issued() === 1);
      down.end();
    },
  },
  {
    fault: 43,
    variant: "hangs",
    title: "OpenMetadata accepts connections and does not answer",
    source: "open-metadata/OpenMetadata (upgrades)",
    injected: "every answer takes an hour, during two runs",
    from: "due",
    overlaps: true,
    async play(scene) {
      const hangs = scene.inject(
        { service: "openmetadata" },
        { kind: "after", response: (original) => slowly(original, scene) },
      );
      await scene.run();
      await scene.run();
      scene.verify("gave up each time and kept the old secret", !isDelivered(scene) && hasOld(scene));
      hangs.end();
    },
  },
];

function isDelivered({ truth }: Scene): boolean {
  return truth.undelivered().length === 0;
}

/** Two are alive: what consumers hold, and its successor. */
function hasOld({ truth }: Scene): boolean {
  const held = truth.holders().map(({ value }) => value);
  return truth.managed().length === 2 && held.every((value) => truth.managed().some((one) => one.value === value));
}

function refused(where: Parameters<Scene["inject"]>[0], effect: Parameters<typeof first>[1]): Scenario["play"] {
  return async (scene) => {
    const refusal = scene.inject(where, effect);
    await scene.run();
    scene.verify("did not call it delivered, and kept the old secret", !isDelivered(scene) && hasOld(scene));
    refusal.end();
  };
}

async function setAdmin({ cloud }: Scene, userId: string, isAdmin: boolean): Promise<void> {
  const { status } = await fetch(`${cloud.urls.openMetadata}/api/v1/users/${userId}`, {
    method: "PATCH",
    headers: {
      "user-agent": "openmetadata-ingestion",
      authorization: `Bearer ${cloud.openMetadata.adminBotToken()}`,
      "content-type": "application/json-patch+json",
    },
    body: JSON.stringify([{ op: "replace", path: "/isAdmin", value: isAdmin }]),
  });
  if (status !== 200) throw new Error(`OpenMetadata answered ${status} to an administrator`);
}

function unchangedUser({ cloud }: Scene): Response {
  const bot = cloud.openMetadata.bots().find(({ name }) => name === "ingestion-bot");
  const user = cloud.openMetadata.users().find(({ id }) => id === bot?.userId);
  const { mechanism: _, ...shown } = user ?? { mechanism: undefined };
  return Response.json({ ...shown, roles: [] }, { headers: { "x-injected-fault": "1" } });
}

async function slowly(original: Response, { clock }: Scene): Promise<Response> {
  await clock.advance(HOUR);
  return original;
}
