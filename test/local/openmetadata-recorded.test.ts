import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPlayable, play, question } from "../recordings/play.ts";
import { RELEASES, type Row, recordedRows, SKIPPED } from "../recordings/rows.ts";
import { misfits, shapeOf } from "../recordings/shape.ts";
import { openWorld, type World } from "./openmetadata-world.ts";

/** Properties that real servers show and the stand-in does not: no client here reads them. */
const NOT_MODELLED = new Set([
  ...["changeDescription", "incrementalChangeDescription", "displayName", "href"],
  ...["allowImpersonation", "isEmailVerified", "inheritedRoles", "personas", "personaPreferences", "domains"],
  // Of pipelines, their settings and their connection.
  ...["service", "loggerLevel", "provider", "raiseOnError", "enableStreamableLogs", "status", "startDate"],
  ...["pausePipeline", "concurrency", "pipelineTimezone", "retries", "retryDelay", "pipelineCatchup"],
  ...["maxActiveRuns", "workflowDefaultView", "workflowDefaultViewOrientation"],
  ...["secretsManagerProvider", "secretsManagerLoader", "apiVersion", "enableVersionValidation", "limitRecords"],
  ...["includeTopics", "includeTables", "includeDashboards", "includePipelines", "includeMlModels", "includeUsers"],
  ...["includeTeams", "includeGlossaryTerms", "includeTags", "includePolicy", "includeMessagingServices"],
  ...["includeDatabaseServices", "includePipelineServices", "forceEntityOverwriting", "storeServiceConnection"],
  ...["supportsDataInsightExtraction", "supportsElasticSearchReindexingExtraction"],
]);

/** Of lists only one page each was recorded; the cursor of the next is documented. */
const ONE_PAGE = "/paging/after was never seen";

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
/** The words of a refusal, ids aside; `undefined` for an answer that is none. */
const words = (answer: unknown): string | undefined => {
  const { message, responseMessage } = answer as Record<string, string | undefined>;
  return (message ?? responseMessage)?.replace(GUID, "{id}");
};
/** Where the server tells of its own insides, not even its releases agree. */
const isInside = ({ path }: Row) => path.includes("after=");

describe.each(RELEASES)("the stand-in as OpenMetadata %s", (release) => {
  let world: World;
  const rows = SKIPPED ? [] : recordedRows(release).filter(isPlayable);
  const questions = Map.groupBy(rows, question);
  beforeAll(async () => {
    world = await openWorld({ release, ...(release === "1.12.6" ? { flow: "auth-code" } : {}) });
  });
  afterAll(() => world.close());

  it("has something to be held against", ({ skip }) => {
    skip(SKIPPED !== undefined, SKIPPED);
    expect(questions.size).toBeGreaterThan(5);
  });

  // Without recordings there is no question, and the test above says so.
  it.each([...questions])("answers %s as recorded", async (_, recorded) => {
    const shape = shapeOf(recorded.map(({ answer }) => answer));
    for (const row of recorded) {
      const { status, body } = await play(world, row);
      expect(status, JSON.stringify(body)).toBe(row.status);
      expect(misfits(body, shape, NOT_MODELLED).filter((one) => one !== ONE_PAGE)).toEqual([]);
      if (status >= 400 && !isInside(row)) expect(words(body)).toBe(words(row.answer));
    }
  });
});
