import functions from "@azure/functions";
import { describe, expect, it } from "vitest";
import { refuseStray } from "../../shared/triggers/stray.ts";

const takesBoth = { parameters: ["dryRun"], fields: ["deployment", "revokeOld"] };
const takesQuery = { parameters: ["dryRun", "deployment"], fields: [] };
const takesBody = { parameters: [], fields: ["deployment", "revokeOld"] };
const takesNothing = { parameters: [], fields: [] };

/** What a request with this query and these headers is refused with; undefined where it is let through. */
function refusal(understood: typeof takesBoth, query: string, headers: Record<string, string> = {}) {
  const request = new functions.HttpRequest({ method: "GET", url: `https://app/api/rotate${query}`, headers });
  try {
    return refuseStray(request, understood);
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    return { code, message, hint };
  }
}

describe("what stands beside the fields of a call", () => {
  it("is let through where the call or the platform knows it", () => {
    const headers = { "content-type": "application/json", "x-functions-key": "key" };
    expect(refusal(takesBoth, "?dryRun=true&code=key&Code=key", headers)).toBeUndefined();
  });

  it("is refused where it is given twice: one of the two would have no effect", () => {
    expect(refusal(takesQuery, "?deployment=blue&deployment=green")).toEqual({
      code: "query-invalid",
      message: 'Cannot accept the request: query parameter "deployment" is given twice',
      hint: 'Send "deployment" once: of several values all but one would have no effect',
    });
  });

  it.each([
    ["a field of the body", takesBoth, "?deployment=blue", 'Send "deployment" in the JSON body'],
    ["a field that is spelt otherwise", takesBoth, "?revoke-old=true", 'Send "revokeOld" in the JSON body'],
    [
      "a parameter that is spelt otherwise",
      takesBoth,
      "?dry_run=true",
      'Send "dryRun" in the query, written like this',
    ],
    ["anything unknown", takesQuery, "?colour=red", 'The query of this call takes "dryRun", "deployment"'],
    [
      "anything, of a call that takes a body only",
      takesBody,
      "?colour=red",
      'This call takes no query; the JSON body takes "deployment", "revokeOld"',
    ],
    ["anything, of a call that takes nothing", takesNothing, "?colour=red", "This call takes no query"],
  ])("is refused in the query: %s, with its place", (_, understood, query, hint) => {
    const name = /\?(.*)=/.exec(query)?.[1];
    expect(refusal(understood, query)).toEqual({
      code: "query-invalid",
      message: `Cannot accept the request: it has no query parameter "${name}"`,
      hint,
    });
  });

  it.each([
    ["x-dry-run", 'Send "dryRun" in the query, written like this'],
    ["dryrun", 'Send "dryRun" in the query, written like this'],
    ["x_dry_run", 'Send "dryRun" in the query, written like this'],
    ["x-revoke-old", 'Send "revokeOld" in the JSON body'],
  ])("is refused as header %s, with its place", (header, hint) => {
    expect(refusal(takesBoth, "", { [header]: "true" })).toEqual({
      code: "header-misplaced",
      message: `Cannot accept the request: header "${header}" has no effect`,
      hint,
    });
  });

  it("is a header of others where its name only holds a word of ours", () => {
    expect(refusal(takesBoth, "", { "max-dry-run": "1", "x-x-deployment": "1" })).toBeUndefined();
  });
});
