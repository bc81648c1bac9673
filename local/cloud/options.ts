import type { Clock } from "../clock.ts";
import type { Certificate } from "./certificate.ts";
import type { Release } from "./openmetadata/releases.ts";

export interface CloudOptions {
  clock: Clock;
  tenantId?: string;
  /** Release of OpenMetadata; default 1.2.5. */
  release?: Release;
  /** How people sign in to OpenMetadata: default `implicit`; `auth-code` (from 1.3) gives the server a client secret. */
  flow?: "implicit" | "auth-code";
  /** How often each runner of ingestion, and a person, signs in; default 60. */
  signInEveryMinutes?: number;
  /** Graph application permissions of the app's managed identity; default all that it can use. */
  graphPermissions?: string[];
  /** One that this process trusts already, for a process that starts many clouds; default a new one. */
  certificate?: Certificate;
  env?: NodeJS.ProcessEnv;
}
