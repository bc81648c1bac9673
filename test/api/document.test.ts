import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { apiDocument } from "../../shared/api/document.ts";
import { EXAMPLES } from "../../shared/api/examples.ts";
import { OPERATIONS } from "../../shared/api/operations.ts";
import { answerSchema } from "../../shared/api/schemas.ts";
import { FORMATS } from "../../shared/configuration/render.ts";
import { PROBLEMS, type ProblemCode } from "../../shared/problems/problems.ts";

interface Media {
  schema: { $ref?: string };
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
type Content = Record<string, Media>;

const document = JSON.parse(JSON.stringify(apiDocument()));
const operations = Object.entries(document.paths as Record<string, Record<string, Record<string, unknown>>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, one]) => ({ path, method, one })),
);

/** Every place with an example: its schema, and what is to fit it. */
function examples(): [place: string, $ref: string, value: unknown][] {
  const contents: [string, Content][] = [
    ...operations.flatMap(({ path, one }): [string, Content][] => [
      [`${path} body`, (one.requestBody as { content: Content } | undefined)?.content ?? {}],
      ...Object.entries(one.responses as Record<string, { content?: Content }>).map(
        ([status, { content }]): [string, Content] => [`${path} ${status}`, content ?? {}],
      ),
    ]),
    ...Object.entries(document.components.responses as Record<string, { content: Content }>).map(
      ([name, { content }]): [string, Content] => [name, content],
    ),
  ];
  return contents.flatMap(([place, content]) =>
    Object.values(content).flatMap(({ schema, example, examples = {} }) =>
      [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({ value }) => value)].map(
        (value): [string, string, unknown] => [place, schema.$ref ?? "", value],
      ),
    ),
  );
}

describe("the description of the API", () => {
  it("stands in docs/openapi.json", async () => {
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot("../../docs/openapi.json");
  });

  it("is OpenAPI 3.1, by its published schema", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it("refers to nothing that is not in it", () => {
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
    const found = (path: string): unknown =>
      path.split("/").reduce((node: Record<string, never>, key) => node?.[key] ?? {}, document);
    expect(referred.length).toBeGreaterThan(50);
    expect(referred.filter((path) => Object.keys(found(path) as object).length === 0)).toEqual([]);
  });

  it("has every problem code, under the status that it is answered with", () => {
    for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
      if (status === 202) {
        expect(document.components.schemas.WaitingCode.enum).toContain(code as ProblemCode);
      } else {
        expect(document.components.schemas[`Problem${status}`].properties.code.enum).toContain(code);
        expect(document.components.responses[`Problem${status}`].description).toContain(`| \`${code}\` | ${title} |`);
      }
    }
  });

  it("says of every operation what it does, who may, and what goes wrong", () => {
    const ids = operations.map(({ one }) => one.operationId);
    expect(new Set(ids).size).toBe(OPERATIONS.length);
    for (const { one, method } of operations) {
      expect(String(one.summary)).toMatch(/^[A-Z].{5,60}[^.]$/);
      expect(String(one.description)).toMatch(/\.$/);
      expect(one.security).toEqual([
        { entra: [method === "post" ? "Automation.Run" : "Automation.Read"] },
        { functionKey: [] },
      ]);
      expect(Object.keys(one.responses as object)).toEqual(expect.arrayContaining(["200", "400", "401", "403", "503"]));
    }
  });

  it("says of every field that is sent, and of every parameter, what it means", () => {
    const { schemas } = document.components;
    const fields = ["RegistrationRequest", "RotateRequest", "HardenRequest"].flatMap((name) =>
      Object.values(schemas[name].properties as Record<string, { description?: string }>),
    );
    const parameters = operations.flatMap(({ one }) => (one.parameters ?? []) as { description?: string }[]);
    for (const { description } of [...fields, ...parameters]) expect(description).toMatch(/^\S.{10,}[^.]$/);
    expect(parameters).toHaveLength(12);
  });

  it("takes no body with a field that it does not know, and allows answers to have more with time", () => {
    const { schemas } = document.components;
    expect(schemas.RotateRequest.additionalProperties).toBe(false);
    expect(JSON.stringify([schemas.StatusAnswer, schemas.Deployment, schemas.Problem409])).not.toContain(
      "additionalProperties",
    );
  });

  it("says that a browser is answered a page in the place of a problem, and only where it is", () => {
    const html = operations.flatMap(({ path, one }) =>
      Object.entries(one.responses as Record<string, { content?: object }>).flatMap(([status, { content = {} }]) =>
        "text/html" in content ? [`${path} ${status}`] : [],
      ),
    );
    expect(html).toEqual(["200", "400", "401", "403", "409", "500", "502", "503"].map((status) => `/page ${status}`));
  });

  it("says which headers an answer has that tell a client what to do next", () => {
    const { responses } = document.components as { responses: Record<string, { headers?: object }> };
    const headers = Object.entries(responses).flatMap(([name, one]) =>
      one.headers ? [[name, Object.keys(one.headers)]] : [],
    );
    expect(headers).toEqual([
      ["Problem401", ["WWW-Authenticate"]],
      ["Problem503", ["Retry-After"]],
    ]);
  });

  it("knows every format of the configuration", () => {
    const [, format] = document.paths["/configuration"].get.parameters;
    expect(format).toMatchObject({ name: "format", required: true, schema: { enum: FORMATS } });
  });

  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "api");

  it.each(examples())("the example of %s fits %s", (_place, $ref, value) => {
    const validate = ajv.compile({ $ref: `api${$ref}` });
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
  });

  it("has an example of status with nothing that status does not say", () => {
    expect(answerSchema("StatusAnswer").safeParse(EXAMPLES.status).error?.issues ?? []).toEqual([]);
  });

  it("has an example for every body and every problem", () => {
    const places = new Set(examples().map(([place]) => place));
    for (const { path, method } of operations.filter((one) => one.method === "post")) {
      expect(places, method).toContain(`${path} body`);
      expect(places).toContain(`${path} 200`);
    }
    expect(places).toContain("/status 200");
    for (const name of Object.keys(document.components.responses)) expect(places).toContain(name);
  });
});
