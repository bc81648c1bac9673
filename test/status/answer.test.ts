import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { statusDoc, statusSchema, unexplained } from "./status-doc.ts";

describe("the description of the answer", () => {
  it("stands in docs/status.schema.json", async () => {
    await expect(`${JSON.stringify(statusSchema(), undefined, 2)}\n`).toMatchFileSnapshot(
      "../../docs/status.schema.json",
    );
  });

  it("stands in docs/status.md, field for field", async () => {
    await expect(statusDoc()).toMatchFileSnapshot("../../docs/status.md");
  });

  it("says of every field what it means", () => {
    expect(unexplained()).toEqual([]);
  });

  it("is a JSON schema that refuses what it does not know", () => {
    const ajv = new Ajv2020();
    formats.default(ajv);
    const validate = ajv.compile(statusSchema());
    const empty = { on: "2031-03-03T12:00:00.000Z", verdict: "healthy", conditions: [], deployments: [] };
    const engine = { timer: { silent: false }, queue: { messages: 0, poisoned: 0 } };
    expect(validate({ ...empty, engine }), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...empty, engine, more: 1 })).toBe(false);
    expect(validate({ ...empty, engine, verdict: "green" })).toBe(false);
  });
});
