import type { FaultEffect } from "../../../local/cloud/exchange.ts";
import { openMetadataSays, somethingElse } from "../../strikes/refusals.ts";
import type { Meant } from "../../strikes/strike.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

const PUT_USER = { service: "openmetadata", method: "PUT", path: /\/v1\/users$/ } as const;
const SIGNED_IN = { service: "openmetadata", path: /\/v1\/(users|bots|services)/ } as const;

/** OpenMetadata refuses, fails or is silent. */
export const OPENMETADATA: Scenario[] = [
  {
    fault: 41,
    title: "This release of OpenMetadata takes no client secret for bots",
    source: "open-metadata/OpenMetadata#9353, #14358",
    injected: "the server is 1.5.13, and BOT_CREDENTIAL insists on sso",
    from: "provisioned",
    given: { release: "1.5.13", settings: { BOT_CREDENTIAL: "sso" } },
    waitsForPerson: "none: a person must choose otherwise",
    async play(scene) {
      const { status, body } = await scene.post("rotate");
      scene.verify("refused clearly", status === 409 && String(body.detail).includes("1.5.13"));
      scene.verify("wrote nothing to OpenMetadata", scene.writes("openmetadata").length === 0);
      scene.verify("the secret is current in the vault", scene.truth.current() !== undefined);
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
        !isMarked(scene) && hasOld(scene) && scene.pushed() === 0,
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
    injected:
      "changing the bot's user is answered 200 with the user as it is, during one run; secrets are shown (1.2.2)",
    from: "due",
    given: { release: "1.2.2" },
    async play(scene) {
      const deaf = scene.inject(PUT_USER, { kind: "answer", response: () => unchangedUser(scene) });
      await scene.run();
      scene.verify("read back what was stored, and did not call it delivered", !isMarked(scene) && hasOld(scene));
      deaf.end();
    },
  },
  {
    fault: 42,
    variant: "ignored, masked",
    title: "The same where a mask hides what was stored",
    source: "open-metadata/OpenMetadata#12882",
    injected:
      "changing the bot's user is answered 200 with the user as it is, for ten minutes; secrets are masked (1.2.5)",
    from: "due",
    async play(scene) {
      const deaf = scene.inject(PUT_USER, { kind: "answer", response: () => unchangedUser(scene) });
      await scene.run(10);
      scene.verify("could not see it behind the mask, and kept the old secret", isMarked(scene) && hasOld(scene));
      scene.verify(
        "pushes again before it removes the old one (confirmation)",
        !scene.truth.current()?.tags.confirmedOn,
      );
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
      const bodies = scene.sent.exchanges.filter(({ method }) => method === "PUT").map(({ body }) => body);
      scene.verify("never wrote a mask back", isDelivered(scene) && !bodies.join().includes("****"));
    },
  },
];

function isDelivered({ truth }: Scene): boolean {
  return truth.undelivered().length === 0;
}

/** Does the app take it for delivered? */
function isMarked({ truth }: Scene): boolean {
  return truth.current()?.tags.deliveredOn !== undefined;
}

/** Two are alive: what consumers hold, and its successor. */
function hasOld({ truth }: Scene): boolean {
  const held = truth.holders().map(({ value }) => value);
  return truth.managed().length === 2 && held.every((value) => truth.managed().some((one) => one.value === value));
}

function refused(where: Meant, effect: FaultEffect): Scenario["play"] {
  return async (scene) => {
    const refusal = scene.inject(where, effect);
    await scene.run();
    scene.verify("did not call it delivered, and kept the old secret", !isMarked(scene) && hasOld(scene));
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
