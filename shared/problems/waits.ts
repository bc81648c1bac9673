import type { Problem } from "./problem.ts";

const AGAIN = "Call again after the time in Retry-After, or wait: the app continues by itself";

/** What a step waits for. Nobody needs to act. */
export const WAITS = {
  "replication-pending": {
    status: 202,
    title: "Entra is still replicating a change",
    means: "Something that was just created is not visible everywhere in Entra yet; it takes seconds, rarely minutes",
    hint: AGAIN,
  },
  "proof-pending": {
    status: 202,
    title: "The new secret is not proven yet",
    means: "The new secret must sign in several times in a row before anybody gets it; Entra needs seconds to minutes",
    hint: AGAIN,
  },
  "changed-meanwhile": {
    status: 202,
    title: "Another run made the change",
    means: "Another run, or a person, changed the secret or the bot while this run was at work",
    hint: AGAIN,
  },
  "current-secret-missing": {
    status: 202,
    title: "There is no secret to deliver",
    means: "The vault holds no enabled secret that this app stored: somebody disabled, deleted or overwrote it",
    hint: "Nothing to do: the next run replaces it",
  },
  "current-secret-untrusted": {
    status: 202,
    title: "The current secret failed its check",
    means:
      "Its value does not belong to the credential that its tags name, or Entra rejects it. The app issues a new one, and retires nothing before that is delivered",
    hint: "The app replaces it by itself. Find out who wrote to the vault or removed the secret in Entra",
  },
  "out-of-time": {
    status: 202,
    title: "The run has used up its time",
    means: "The run stopped before its time limit; the next one continues where it stopped",
    hint: AGAIN,
  },
  "readers-pending": {
    status: 202,
    title: "Workloads that read the vault may not have the secret yet",
    means:
      "The app cannot see when workloads that read the vault have read a new secret, so it waits for SECRET_READ_WITHIN_HOURS",
    hint: "Nothing to do",
  },
  "app-service-pending": {
    status: 202,
    title: "App Service has not read the new version yet",
    means: "The site's Key Vault reference still shows the old version; the platform takes seconds to minutes",
    hint: AGAIN,
  },
  "token-cache-pending": {
    status: 202,
    title: "OpenMetadata still caches the previous token",
    means: "The server refuses the new token for up to two minutes",
    hint: AGAIN,
  },
  "openmetadata-not-up": {
    status: 202,
    title: "OpenMetadata does not answer yet",
    means:
      "The first secret of the deployment is proven and in the vault, so OpenMetadata can be started with it; it is delivered as soon as the server answers",
    hint: "Start OpenMetadata, or correct OPENMETADATA_URL if it runs, then call again",
  },
  "pipelines-running": {
    status: 202,
    title: "Pipelines are running",
    means:
      "A new token would break the pipelines that are running now, so it is issued when they have ended, at the latest at the time in the answer",
    hint: AGAIN,
  },
} as const satisfies Record<string, Problem>;
