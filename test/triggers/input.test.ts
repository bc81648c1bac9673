import functions from "@azure/functions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { pickDeployment, readBody, readQuery } from "../../shared/triggers/guarded.ts";

const schema = z.strictObject({ deployment: z.string().optional(), days: z.number().optional() });
const post = (body: string, query = "") =>
  new functions.HttpRequest({
    method: "POST",
    url: `https://app/api/rotate${query}`,
    headers: { "content-length": String(body.length) },
    body: { string: body },
  });
const get = (query: string, headers: Record<string, string> = {}) =>
  new functions.HttpRequest({ method: "GET", url: `https://app/api/status${query}`, headers });

describe("a body", () => {
  it("is read by its schema", async () => {
    expect(await readBody(post('{"days":3}'), schema)).toEqual({ days: 3 });
  });

  it.each([
    ["that is not JSON", "{days", "it is not JSON", 'Send a JSON object, for example {"dryRun":true}'],
    ["that is no object", "[]", "body: ", "Correct the fields named above; this call takes deployment, days"],
    ["of another shape", '{"days":"3"}', "days: ", "Correct the fields named above"],
    ["with something unknown", '{"day":3}', 'body: unknown field "day"', "this call takes deployment, days"],
  ])("%s is refused, with what is wrong and what is taken", async (_, body, message, hint) => {
    await expect(readBody(post(body), schema)).rejects.toMatchObject({
      code: "body-invalid",
      message: expect.stringContaining(`Cannot read the request body: ${message}`),
      hint: expect.stringContaining(hint),
    });
  });

  it("tells all that is wrong at once, and no value", async () => {
    const refused = readBody(post('{"days":"s3cret","deployment":4}'), schema);
    await expect(refused).rejects.toThrow(/deployment: [^;]+; days: /);
    await expect(refused).rejects.not.toThrow(/s3cret/);
  });

  it.each([
    [5, 'unknown fields "a0", "a1", "a2", "a3", "a4"'],
    [7, 'unknown fields "a0", "a1", "a2", "a3", "a4" and 2 more'],
  ])("repeats five names at most of %i that nobody knows", async (count, told) => {
    const body = Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 1]));
    await expect(readBody(post(JSON.stringify(body)), schema)).rejects.toMatchObject({
      message: `Cannot read the request body: body: ${told}`,
    });
  });

  it("names the field inside of others", async () => {
    const nested = z.object({ ask: z.object({ days: z.number() }) });
    await expect(readBody(post('{"ask":{"days":"x"}}'), nested)).rejects.toThrow("body: ask.days: ");
  });

  it("is not taken from the query, which is refused with the place", async () => {
    await expect(readBody(post("{}", "?days=3"), schema)).rejects.toMatchObject({
      code: "query-invalid",
      hint: 'Send "days" in the JSON body',
    });
  });
});

describe("a query", () => {
  it("is read where it is understood, and refused where not", () => {
    expect(readQuery(get("?deployment=blue"), ["deployment"]).get("deployment")).toBe("blue");
    expect(() => readQuery(get("?deployment=blue"), [])).toThrow(expect.objectContaining({ code: "query-invalid" }));
    const misplaced = get("", { "x-deployment": "blue" });
    expect(() => readQuery(misplaced, ["deployment"])).toThrow(expect.objectContaining({ code: "header-misplaced" }));
  });
});

describe("the deployment that a caller means", () => {
  const [blue, red] = [{ name: "blue" }, { name: "red" }];

  it.each([
    ["the only one, unnamed", [blue], undefined, blue],
    ["the only one, by its name", [blue], "blue", blue],
    ["one of several, by its name", [blue, red], "red", red],
  ])("is %s", (_, all, name, found) => {
    expect(pickDeployment({ deployments: all, faults: [] }, name)).toBe(found);
  });

  it.each([
    ["unnamed among several", [blue, red], undefined, "Cannot choose a deployment: there are several"],
    ["an unknown name", [blue, red], "green", 'Cannot find deployment "green"'],
    ["an unknown name where there is one", [blue], "green", 'Cannot find deployment "green"'],
  ])("is not %s: the error names those that there are", (_, all, name, message) => {
    const hint = `Send "deployment" with one of ${all.map((one) => `"${one.name}"`).join(", ")}`;
    expect(() => pickDeployment({ deployments: all, faults: [] }, name)).toThrow(
      expect.objectContaining({ code: "deployment-unknown", message, hint }),
    );
  });

  it("is not the one that is left of several with something wrong, unless it is named", () => {
    const left = { deployments: [blue], faults: ["DEPLOYMENTS[1].openMetadataUrl is missing"] };
    expect(() => pickDeployment(left, undefined)).toThrow("Cannot choose a deployment: there are several");
    expect(pickDeployment(left, "blue")).toBe(blue);
  });
});
