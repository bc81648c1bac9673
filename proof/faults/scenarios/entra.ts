import { timeText } from "../../../local/cloud/directory/time-text.ts";
import type { IncomingRequest } from "../../../local/cloud/exchange.ts";
import { DAY, MINUTE, PROOF_SIGN_INS } from "../../../shared/limits.ts";
import { EXPIRED_SECRET, entraSays, graphSays, UNKNOWN_SECRET } from "../../strikes/refusals.ts";
import { INGESTION, signInAsIngestion } from "../../strikes/sign-in.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

const SIGN_IN = { service: "entra", path: /\/oauth2\/v2\.0\/token$/ } as const;
const ADD = { service: "graph", path: /\/addPassword$/ } as const;
/** Sign-ins for a proof, and two more: before promoting, and when pushing. */
const SIGN_INS = PROOF_SIGN_INS + 2;

/** What goes wrong when somebody signs in, and with clocks. */
export const ENTRA: Scenario[] = [
  {
    fault: 1,
    variant: "pipeline",
    title: "Entra does not know a new secret for minutes, and a pipeline waits",
    source: "hashicorp/vault-plugin-secrets-azure#57",
    injected: "the token endpoint learns of a new secret four minutes late",
    from: "settled",
    async play(scene) {
      scene.cloud.directory.replication = { objects: 0, secrets: 4 * MINUTE, reads: 0 };
      const issuedBefore = scene.clock.now().toISOString();
      const { status } = await scene.converge("rotate", { because: "fault list", issuedBefore });
      scene.verify("answered 202 until it was proven, and finished the same rotation", status === 200);
      scene.verify("issued no second one", scene.issued() === 1);
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    },
  },
  {
    fault: 1,
    variant: "timer",
    title: "Entra does not know a new secret for ten minutes",
    source: "microsoft-graph-docs#17966, hashicorp/vault#27593",
    injected: "the token endpoint learns of a new secret ten minutes late (AADSTS7000215 until then)",
    from: "due",
    async play(scene) {
      const { truth, cloud } = scene;
      const before = truth.current()?.version;
      cloud.directory.replication = { objects: 0, secrets: 10 * MINUTE, reads: 0 };
      await scene.run(8);
      scene.verify("kept the old one current until the new one was proven", truth.current()?.version === before);
      scene.verify("issued no second one", scene.issued() === 1);
      cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
    },
  },
  {
    fault: 2,
    title: "A new secret works at some of Entra's replicas and not at others",
    source: "hashicorp/terraform-provider-vault#2079",
    injected: "of the sign-ins with the new secret the 2nd, 4th, 5th and 9th are refused",
    from: "due",
    async play(scene) {
      const refused = [2, 4, 5, 9];
      const flapping = scene.inject(SIGN_IN, (_request, hit) =>
        refused.includes(hit) ? entraSays(UNKNOWN_SECRET, scene.clock) : undefined,
      );
      await scene.run();
      const needed = (refused.at(-1) ?? 0) + SIGN_INS;
      scene.verify(
        "began the count again at each refusal: not proven before the 14th sign-in",
        flapping.hits() >= needed && scene.issued() === 1,
      );
      flapping.end();
    },
  },
  {
    fault: 3,
    title: "Entra calls a brand-new secret expired",
    source: "Azure-Samples/active-directory-dotnetcore-daemon-v2#87",
    injected: "the first five sign-ins with the new secret are answered AADSTS7000222",
    from: "due",
    async play(scene) {
      const expired = scene.inject({ ...SIGN_IN, times: 5 }, entraSays(EXPIRED_SECRET, scene.clock));
      await scene.run();
      scene.verify(
        "took it for replication and issued no other one",
        scene.issued() === 1 && expired.hits() > PROOF_SIGN_INS,
      );
      expired.end();
    },
  },
  {
    fault: 4,
    title: "Entra's clock is ahead of ours",
    source: "Azure/ARO-HCP#6200, hashicorp/terraform-provider-azuread#1582",
    injected:
      "a new secret is valid from five minutes later on; a request that names a start is answered KeyCredentialsInvalidStartDate",
    from: "due",
    // The timer's run begins while that of an earlier message still waits, and both go on.
    overlaps: true,
    async play(scene) {
      const skewed = scene.inject(ADD, (request) => skew(scene, request));
      await scene.run();
      const bodies = scene.sent.exchanges.filter(({ path }) => path.includes("/addPassword")).map(({ body }) => body);
      scene.verify(
        "named no start, and waited until it was valid",
        bodies.length === 1 && !bodies.join().includes("startDateTime"),
      );
      skewed.end();
    },
  },
  {
    fault: 16,
    title: "A role that was just consented to is not in tokens yet",
    source: "microsoft-graph-docs#10907, AzureAD/microsoft-authentication-library-for-dotnet#2612",
    injected: "the first sign-in is refused with AADSTS501051 (no role assigned), though the assignment exists",
    from: "provisioned",
    repeats: { path: "rotate" },
    async play(scene) {
      const refusal = { code: 501051, text: "Application is not assigned to a role for the application." } as const;
      const missing = scene.inject(SIGN_IN, entraSays(refusal, scene.clock));
      const { status } = await scene.post("rotate");
      scene.verify("made nothing current that could not sign in", status === 409 && !scene.truth.current());
      missing.end();
    },
  },
  {
    fault: 48,
    title: "Tokens that were got with the old secret outlive it, so that they prove nothing",
    source: "Microsoft Learn: Access tokens in the Microsoft identity platform",
    injected: "somebody gets a token with the old secret minutes before that is retired, and goes on using it",
    from: "due",
    async play(scene) {
      const { truth, cloud } = scene;
      const old = truth.current();
      await scene.run();
      const fresh = tokensGotWith(truth.current()?.value, scene);
      const shown = scene.sent.exchanges
        .filter(({ path }) => path.endsWith("/users/loggedInUser"))
        .map(({ headers }) => headers.get("authorization")?.slice("Bearer ".length) ?? "");
      scene.verify(
        "proved the delivery with a token got with the new secret",
        shown.some((token) => fresh.includes(token)),
      );
      await scene.sleep(DAY + 30 * MINUTE);
      const token = await signInAsIngestion(scene, old?.value ?? "");
      await scene.run();
      const retired = !truth.managed().some(({ keyId }) => keyId === old?.tags.keyId);
      const refused = (await signInAsIngestion(scene, old?.value ?? "")) === undefined;
      const { status } = await fetch(`${cloud.urls.openMetadata}/api/v1/users/loggedInUser`, {
        headers: { ...INGESTION, authorization: `Bearer ${token}` },
      });
      scene.verify(
        "retired the old one, whose last token still opened OpenMetadata",
        retired && refused && status === 200,
      );
    },
  },
];

function tokensGotWith(value: string | undefined, { sent }: Scene): string[] {
  return sent.exchanges
    .filter(({ service, body, status }) => service === "entra" && status === 200 && body.includes("client_secret"))
    .filter(({ body }) => new URLSearchParams(body).get("client_secret") === value)
    .map(({ answerBody }) => (JSON.parse(answerBody) as { access_token: string }).access_token);
}

/** The new secret starts five minutes from now; whoever names a start of their own is refused. */
function skew({ cloud, clock }: Scene, { body }: IncomingRequest) {
  if (body.includes("startDateTime")) {
    return graphSays(400, ["KeyCredentialsInvalidStartDate", "Key credential start date is invalid."]);
  }
  return {
    kind: "after",
    response: async (original: Response): Promise<Response> => {
      const answer = (await original.json()) as { keyId: string };
      const startDateTime = timeText(new Date(clock.now().getTime() + 5 * MINUTE));
      const { applications } = cloud.directory.state;
      for (const application of applications.list()) {
        const secrets = application.secrets.map((one) =>
          one.keyId === answer.keyId ? { ...one, startDateTime } : one,
        );
        if (application.secrets.some(({ keyId }) => keyId === answer.keyId))
          applications.put(application.id, { ...application, secrets });
      }
      return Response.json({ ...answer, startDateTime }, { status: original.status, headers: original.headers });
    },
  } as const;
}
