import * as z from "zod";
import { CREDENTIALS } from "../deployment/credentials.ts";
import { FINDING_KINDS } from "../deployment/finding-kinds.ts";
import { PROBLEMS, type ProblemCode } from "../problems/problems.ts";
import { problemCode as code } from "../problems/schemas.ts";
import { HAPPENED } from "./history.ts";
import { REASONS, type Reason } from "./reasons.ts";

/**
 * The answer of GET /api/status, as JSON. The one source of its description: the JSON schema, the tables of
 * docs/status.md and the API's description are made from it, and tests hold real answers against it. Nothing of it is
 * needed to answer, so the app never loads it for that.
 */

const time = (what: string) => z.iso.datetime().describe(what);
const keyId = z
  .string()
  .describe("Id of a credential: Entra's key id, or what tells one token of a bot from another. Not secret");

/** What a part says instead, when it cannot be read. */
export const unread = z
  .strictObject({
    error: z.string().describe("What failed"),
    code,
    hint: z.string().optional().describe("What to do about it; commands stand on lines of their own"),
  })
  .describe("This part could not be read; the others are told nevertheless");

export const verdict = z
  .enum(["healthy", "attention", "failing"])
  .describe(
    "`healthy`: all is well, or merely waits its time. `attention`: everything works, and somebody should look before it no longer does. `failing`: something does not work, or cannot go on without a person",
  );

export const condition = z
  .strictObject({
    type: z.string().describe("What it tells of; the list is in docs/status.md"),
    status: z.enum(["True", "False", "Unknown"]).describe("Whether that is the case"),
    verdict,
    reason: z
      .enum([...Object.keys(REASONS), ...Object.keys(PROBLEMS)] as [Reason | ProblemCode])
      .describe("Why, by a stable name: a reason of docs/status.md, or a code of docs/problems.md"),
    message: z.string().describe("The same for people, with what to do where there is something to do"),
    since: time("Since when, where something noted it").optional(),
  })
  .describe("One thing that holds or does not, in the manner of cert-manager's conditions");

const conditions = z.array(condition);
const stepKind = z
  .enum(["issue", "prove", "promote", "push", "confirm", "check", "retire"])
  .describe(
    "`issue` a new one, `prove` that it signs in, `promote` it to be the current one, `push` it to its consumer, `confirm` the delivery, `check` that it still signs in, `retire` what it replaced",
  );
const target = z.string().describe("What the step is about: the id of a credential, or the name of a vault secret");

const dueNow = z
  .strictObject({
    kind: stepKind,
    because: z.string().describe("Why"),
    target,
    since: time("Since when it is due, where that is known").optional(),
  })
  .describe("The step that the next run takes; absent where nothing is due, and where what is due merely waits");

const later = z
  .array(
    z.strictObject({
      kind: stepKind,
      on: time("When it comes, or until when it waits"),
      target,
      waits: code.optional().describe("It is due already, and waits for this until then; nobody needs to act"),
    }),
  )
  .describe("What comes by itself, and what waits until when; the soonest first");

const milestones = {
  keyId: keyId.optional(),
  version: z.string().describe("Version of the vault secret"),
  enabled: z.boolean().describe("Whether the vault hands it out"),
  storedOn: time("When this version was stored"),
  issuedOn: time("When it was issued").optional(),
  expiresOn: time("When it ends").optional(),
  provenOn: time("When it had signed in several times in a row").optional(),
  deliveredOn: time("When its consumer had it, or was taken to have it (`delivery`)").optional(),
  confirmedOn: time("When the delivery was repeated by a run that nothing could overtake").optional(),
  checkedOn: time("When somebody last signed in with it to see whether it works").optional(),
  refusedOn: time("When Entra refused it, or it turned out to be another one; it is replaced").optional(),
  delivery: z
    .enum(["verified", "assumed"])
    .optional()
    .describe(
      "How the delivery is known. `verified`: read back, or signed in with as the consumer would. `assumed`: workloads read the vault by themselves, and have had SECRET_READ_WITHIN_HOURS to do so; nobody can see whether they have",
    ),
  readUntil: time("Until then whoever reads the vault by itself is given time; absent where nobody does").optional(),
};

const stage = z
  .enum(["announced", "staged", "proven", "current", "delivered", "confirmed"])
  .describe(
    "How far it has come: `announced` before it is issued, `staged` in the vault's twin secret, `proven` by signing in, `current` in the vault, `delivered` to its consumer, `confirmed`",
  );

const entraKey = {
  keyId,
  issuedOn: time("When it was issued, by Entra's clock"),
  expiresOn: time("When it ends"),
};

const asked = {
  credential: z.enum(["ingestion-client-secret", "server-client-secret", "bot-token"]).describe("Which credential"),
  secret: z.string().describe("Name of the vault secret"),
  verdict,
  conditions: conditions.describe("`Ready`, `Delivered`, `Rotating` and `Blocked`"),
};

export const clientSecret = z
  .strictObject({
    ...asked,
    current: z
      .strictObject({ ...milestones, stage, inEntra: z.boolean().describe("Whether Entra lists it") })
      .optional()
      .describe("The latest version of the vault secret; absent where there is none"),
    staged: z
      .strictObject({ ...milestones, stage, inEntra: z.boolean().describe("Whether Entra lists it") })
      .optional()
      .describe("Its successor, in the twin secret `<name>-staged`, which nobody else reads"),
    inEntra: z
      .strictObject({
        managed: z.array(z.strictObject(entraKey)).describe("Those that this installation has issued"),
        foreign: z.number().int().describe("How many others there are; nothing else is told of them, nor done to them"),
        otherInstallations: z
          .array(z.strictObject({ ...entraKey, mark: z.string().optional().describe("Whose they are") }))
          .optional()
          .describe("Those of another installation of this app; they are left alone"),
      })
      .describe("Client secrets of the registration"),
    plan: z
      .strictObject({
        stageOn: time("The next one is issued and proven from then on"),
        dueOn: time("The next one takes its place then"),
        retireOn: time("What it replaced is retired from then on; absent until it is delivered").optional(),
      })
      .optional()
      .describe("The dates of the current one by the settings of the rotation"),
    dueNow: dueNow.optional(),
    blocked: z.string().optional().describe("Why none may be issued although one should be"),
    code: code.optional().describe("The code of `blocked`"),
    later,
  })
  .describe("A client secret");

export const botToken = z
  .strictObject({
    ...asked,
    current: z
      .strictObject({
        ...milestones,
        stage,
        inOpenMetadata: z.boolean().describe("Whether it is the one that the server holds"),
      })
      .optional()
      .describe("The latest version of the vault secret; absent where there is none"),
    inOpenMetadata: z
      .union([
        z.literal("no token"),
        z.strictObject({
          keyId,
          issuedOn: time("By OpenMetadata's clock").optional(),
          expiresOn: z
            .union([z.literal("never"), time("When it ends")])
            .describe("When it ends, or that it never does"),
        }),
      ])
      .describe("The token that the bot holds; there is one at most"),
    plan: z
      .strictObject({ dueOn: time("The next one takes its place then") })
      .optional()
      .describe("Absent where the token has no expiry"),
    runningPipelines: z
      .array(z.string())
      .optional()
      .describe("Pipelines that would lose their token now; looked for only where a new one is due"),
    dueNow: dueNow.optional(),
    waitingFor: z.string().optional().describe("Why a step that is due is not taken yet"),
    code: code.optional().describe("The code of `waitingFor`"),
    later,
    hint: z.string().optional().describe("What an operator may want to do"),
  })
  .describe("The token of a bot");

const unusedCredential = z
  .strictObject({ ...asked, unused: z.string().describe("Why the deployment does without it") })
  .describe("A credential that the deployment does without");
const unreadCredential = unread.extend(asked);

export const finding = z.strictObject({
  kind: z.enum(FINDING_KINDS).describe("By a stable name"),
  severity: z
    .enum(["critical", "warning", "notice"])
    .describe(
      "`critical`: open to misuse, or nobody gets in; `warning`: it hurts sooner or later; `notice`: a choice that somebody should have made knowingly, which does not change the verdict",
    ),
  what: z.string().describe("What is, beside what ought to be"),
  do: z.string().describe("What to do about it; commands stand on lines of their own"),
  accepted: z.string().optional().describe("Why it is left so, by the setting `acceptedFindings`; it does not count"),
});

const registration = z
  .union([
    z.strictObject({
      found: z.literal(false).describe("Whether it is there"),
      hint: z.string().describe("What to do first"),
    }),
    z.strictObject({
      found: z.literal(true).describe("Whether it is there"),
      clientId: z.string().describe("Application (client) id"),
      applicationObjectId: z.string().describe("Object id of the application"),
      servicePrincipalObjectId: z
        .string()
        .optional()
        .describe("Object id of the service principal; absent where that is missing"),
      appIdUris: z.array(z.string()).describe("Its App ID URIs"),
      redirectUris: z
        .strictObject({
          spa: z.array(z.string()).describe("Of the implicit flow"),
          web: z.array(z.string()).describe("Of the authorization-code flow"),
        })
        .describe("Where Entra sends people back to, by platform"),
    }),
    unread,
  ])
  .describe("A registration in Entra");

const access = z
  .union([
    z.strictObject({
      user: z.string().describe("As whom"),
      isAdmin: z.boolean().describe("Only an administrator may change bots"),
    }),
    unread,
  ])
  .describe("As whom the server lets the app in");

const credentialKind = z.enum(CREDENTIALS).describe("Which credential");

const happened = z
  .strictObject({
    on: time("When"),
    kind: z
      .enum(HAPPENED)
      .describe(
        "`issued`; `proven`: it signed in several times; `promoted`: it became the current one; `stored-by-somebody` else, so nothing more is known of it; `delivered` to its consumer; `confirmed`: the delivery; `checked`: the last time that it was signed in with to see whether it works; `refused` by Entra; `retired`: it is gone from Entra",
      ),
    credential: credentialKind,
    secret: z.string().describe("The vault secret"),
    keyId: keyId.optional(),
    version: z.string().optional().describe("Of the vault secret"),
    delivery: z.enum(["verified", "assumed"]).optional().describe("Of `delivered`: how it is known"),
    because: z
      .string()
      .optional()
      .describe("Of `issued`: the beginning of the reason, where somebody had asked for it"),
    exact: z.literal(false).optional().describe("Nobody noted when: it was no earlier than that"),
  })
  .describe("Something that happened to a credential");

const history = z
  .strictObject({
    events: z.array(happened).describe("The newest first, 100 at most"),
    unread: z
      .array(unread.extend({ credential: credentialKind }))
      .describe("Of which credential the vault's versions could not be read, and why"),
  })
  .describe(
    "With `?history=true`: what happened, as the vault's versions with their tags and Entra's list tell it. What the vault no longer has is not told",
  );

export const deployment = z
  .strictObject({
    deployment: z.string().describe("Its name in the settings"),
    on: time("When the app has looked"),
    verdict,
    conditions: conditions.describe(
      "`Ready`, `Provisioned`, `Reachable`, `Admitted`, `Permitted` and `Hardened`; those of each credential stand with it",
    ),
    authority: z.string().describe("Where people and ingestion sign in"),
    identity: z
      .union([
        z.strictObject({
          objectId: z.string().describe("Of the service principal"),
          graphPermissions: z
            .strictObject({
              held: z.array(z.string()).describe("Those that its token carries"),
              missing: z
                .array(
                  z.strictObject({
                    permission: z.string().describe("Its name in Microsoft Graph"),
                    neededFor: z.string().describe("What the app does with it"),
                    command: z.string().describe("Grants it, sent by an administrator"),
                  }),
                )
                .describe("Those that it could use and lacks"),
            })
            .describe("Application permissions of Microsoft Graph"),
        }),
        unread,
      ])
      .describe("The app's own identity in Entra, and what it may do in Microsoft Graph"),
    registrations: z
      .strictObject({ server: registration, ingestion: registration })
      .describe("What people sign in through, and what ingestion signs in with"),
    openMetadata: z
      .union([
        z.strictObject({
          url: z.string().describe("Its address, as the settings say"),
          version: z.string().describe("As the server says it"),
          bot: z.string().describe("Name of the ingestion bot"),
          botCredential: z
            .strictObject({
              kind: z.enum(["sso", "jwt", "refused"]).describe("How the bot signs in at this release"),
              because: z.string().describe("Why it is chosen"),
            })
            .describe("What the bot gets"),
          obstacles: z
            .array(z.string())
            .describe("Settings of the server that keep the app out, and how to change them"),
          access,
        }),
        unread.extend({ url: z.string().describe("Its address, as the settings say"), access }),
      ])
      .describe("The OpenMetadata server"),
    drift: z
      .strictObject({
        findings: z.array(finding).describe("The worst first"),
        unread: z
          .array(unread.extend({ what: z.string().describe("What could not be looked at") }))
          .describe("What could not be looked at, and why"),
      })
      .describe("What is not as provisioned, or not as it ought to be"),
    credentials: z
      .array(z.union([clientSecret, botToken, unusedCredential, unreadCredential]))
      .describe(
        "Each credential of it: one that is used, one that the deployment does without (`unused`), or one that cannot be read (`error`)",
      ),
    history: history.optional(),
  })
  .describe("One deployment of OpenMetadata");

export const engine = z
  .union([
    z.strictObject({
      timer: z
        .strictObject({
          ranOn: time("When it ran last").optional(),
          nextOn: time("When it runs next").optional(),
          silent: z.boolean().describe("It should have run by now"),
          sweptInsteadOn: time("When the queue last did its work").optional(),
          hint: z.string().optional().describe("What to do, where it is silent"),
        })
        .describe("The timer"),
      queue: z
        .strictObject({
          messages: z.number().int().describe("How many wait, those of later moments too"),
          poisoned: z
            .number()
            .int()
            .describe("How many have failed for good, of the work, of events and of notifications"),
          hint: z.string().optional().describe("What to do, where work has failed for good"),
        })
        .describe("The queue"),
    }),
    unread,
  ])
  .describe("What carries the work: the timer and the queue");

/** The whole answer. */
export const statusAnswer = z
  .strictObject({
    on: time("When the request came in"),
    verdict: verdict.describe("The worst of the app itself and of the deployments in this answer"),
    conditions: conditions.describe("Of the app itself: `TimerRuns`, `QueueClear` and `DeploymentsRead`"),
    engine,
    faults: z.array(z.string()).optional().describe("Deployments that the settings name and that cannot be served"),
    deployments: z.array(deployment).describe("Those on this page, in the order of the settings"),
    next: z.string().optional().describe("Send it as `after` to get those that follow; absent on the last page"),
  })
  .meta({ title: "OpenMetadata Entra: status", description: "The answer of GET /api/status" });
