import { OPEN_METADATA } from "./open-metadata.ts";
import { REGISTRATIONS } from "./registrations.ts";
import { REQUESTS } from "./requests.ts";
import { SECRETS } from "./secrets.ts";
import { SERVICES } from "./services.ts";
import { WAITS } from "./waits.ts";

/** Everything that an answer or a failed or waiting step can be told by. Closed: docs/problems.md has an entry for each. */
export const PROBLEMS = { ...REQUESTS, ...REGISTRATIONS, ...SECRETS, ...OPEN_METADATA, ...SERVICES, ...WAITS };

/** A stable name that machines may rely on; it never changes its meaning. */
export type ProblemCode = keyof typeof PROBLEMS;

/** The codes that are answered with one of these statuses. */
export type CodeOf<Status extends number> = {
  [Code in ProblemCode]: (typeof PROBLEMS)[Code]["status"] extends Status ? Code : never;
}[ProblemCode];

/** What a step waits for. */
export type WaitingCode = CodeOf<202>;

/** The `type` of RFC 9457: it names the problem and leads nowhere, since the project owns no domain. */
export function problemType(code: ProblemCode): string {
  return `urn:openmetadata-entra:problem:${code}`;
}
