import { describe, expect, it } from "vitest";
import { newnessOf } from "../../shared/configuration/known-releases.ts";
import { leftOutComments } from "../../shared/configuration/left-out.ts";
import { observeEach } from "../../shared/configuration/observe-each.ts";
import { readRequest } from "../../shared/configuration/request.ts";
import { StalledError } from "../../shared/errors.ts";
import { refusalOf } from "../refusal.ts";

const missing = (name: string) => new StalledError("registration-missing", `${name} is missing`, { hint: "Provision" });

describe("the configuration of several deployments", () => {
  const look = (failures: Record<string, unknown>) =>
    observeEach(["a", "b", "c"], async (name) => {
      if (name in failures) throw failures[name];
      return name;
    });

  it("leaves out those that cannot be read, and says which and why", async () => {
    const b = missing("b");
    expect(await look({ b })).toEqual({ facts: ["a", "c"], leftOut: [b] });
    expect(await look({})).toEqual({ facts: ["a", "b", "c"], leftOut: [] });
  });

  it("is refused as the first one is where none can be read", async () => {
    const [a, b, c] = ["a", "b", "c"].map(missing);
    await expect(look({ a, b, c })).rejects.toBe(a);
  });

  it("hides no fault of our own", async () => {
    const bug = new TypeError("a bug");
    await expect(look({ b: bug, c: missing("c") })).rejects.toBe(bug);
  });

  it("tells in comments what is left out, with commands on lines of their own", () => {
    expect(leftOutComments([{ message: "Cannot render b", hint: "Run this:\naz login" }, missing("c")])).toBe(
      "# LEFT OUT. Cannot render b. Run this:\n#   az login\n# LEFT OUT. c is missing. Provision\n",
    );
    expect(leftOutComments([])).toBe("");
  });
});

describe("what is asked of the configuration", () => {
  const read = (query: string) => readRequest(new URLSearchParams(query));

  it("is a format, and maybe a deployment and a release", () => {
    expect(read("format=docker")).toEqual({ format: "docker", deployment: undefined, version: undefined });
    expect(read("format=collate&deployment=a&version=1.12.3")).toEqual({
      format: "collate",
      deployment: "a",
      version: "1.12.3",
    });
  });

  it("is refused without a format that there is", () => {
    const hint =
      'Send "format" with one of docker, bare-metal, kubernetes, external-secret, secret-provider-class, ingestion, collate';
    expect(refusalOf(() => read("deployment=a"))).toMatchObject({
      code: "query-invalid",
      message: "Cannot render the configuration: no format is given",
      hint,
    });
    expect(refusalOf(() => read("format=xml"))).toMatchObject({ message: 'Cannot render format "xml"', hint });
  });
});

describe("a release that this app does not know", () => {
  it.each([
    [[0, 13, 0], true],
    [[0, 12, 9], false],
    [[0, 14, 0], false],
    [[1, 0, 0], true],
    [[1, 13, 9], true],
    [[1, 14, 0], false],
    [[2, 0, 9], true],
    [[2, 1, 0], false],
    [[3, 0, 0], false],
  ] as const)("%j is known: %s", (release, known) => {
    expect(newnessOf(release)).toHaveLength(known ? 0 : 1);
  });

  it("is told as such, with those that are known", () => {
    expect(newnessOf([9, 9, 9])).toEqual([
      "Release 9.9.9 is unknown to this app, which knows 0.13, 1.0 to 1.13, 2.0. If it exists, compare this file with the configuration files of that release.",
    ]);
  });
});
