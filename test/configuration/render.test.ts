import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { FORMATS, render } from "../../shared/configuration/render.ts";
import { CASES, comments, described } from "./described.ts";

const blue = described("1.2.5", "implicit", { deployment: { name: "blue" } });
const green = described("1.12.3", "auth-code", { deployment: { name: "green" } });

describe("render()", () => {
  it.each([
    ["docker", "text/plain; charset=utf-8"],
    ["bare-metal", "application/yaml; charset=utf-8"],
    ["kubernetes", "application/yaml; charset=utf-8"],
    ["external-secret", "application/yaml; charset=utf-8"],
    ["secret-provider-class", "application/yaml; charset=utf-8"],
    ["ingestion", "application/yaml; charset=utf-8"],
    ["collate", "text/plain; charset=utf-8"],
  ] as const)("answers %s as %s", (format, contentType) => {
    expect(render(format, [blue]).contentType).toBe(contentType);
  });

  it("renders several deployments as a stream of yaml documents, each under its heading", () => {
    const documents = parseAllDocuments(render("kubernetes", [blue, green]).text);
    expect(documents.map((document) => Object.keys(document.toJS()))).toEqual([["openmetadata"], ["openmetadata"]]);
    const [first, second] = render("kubernetes", [blue, green]).text.split("---\n");
    expect(first).toMatch(/^# OpenMetadata deployment "blue", .*\n# Release 1\.2\.5 /);
    expect(second).toMatch(/^# OpenMetadata deployment "green", .*\n# Release 1\.12\.3 /);
  });

  it("renders several deployments below each other where there are no documents", () => {
    const text = render("docker", [blue, green]).text;
    expect(text.match(/^# OpenMetadata deployment "(blue|green)"/gm)).toHaveLength(2);
    expect(parseEnv(text).OIDC_TYPE).toBe("azure");
  });

  it("says whether the release is the server's or the caller's word", () => {
    const asked = described("1.12.3", "implicit", { releaseFrom: "caller" });
    expect(comments(render("docker", [asked]).text)).toContain("Release 1.12.3 (requested), implicit flow (SPA)");
    expect(comments(render("docker", [blue]).text)).toContain("Release 1.2.5 (reported by the server)");
  });

  // Anybody who may read the configuration may read all of it: each secret is a variable, a Kubernetes secret or a
  // place in the vault, and nothing else is called one.
  it.each(CASES)("for %s, %s: wherever a secret belongs stands a reference", (version, flow) => {
    // Resources that fetch secrets speak of little else; their own tests hold every value in them.
    for (const format of FORMATS.filter((one) => one !== "external-secret" && one !== "secret-provider-class")) {
      const { text } = render(format, [described(version, flow)]);
      const values = text.split("\n").filter((line) => !line.trim().startsWith("#"));
      for (const line of values.filter((one) => /secret\b|token\b/i.test(one))) {
        expect(line).toMatch(
          /[:=] ?"?\$\{[A-Z_]+\}"?$|^ +clientSecret:$|secret(Ref|Key): "(oidc-secrets|openmetadata-oidc-client-(id|secret))"$/,
        );
      }
      for (const place of text.match(/az keyvault secret show .*/g) ?? []) {
        expect(place).toMatch(/--id https:\/\/example\.vault\.azure\.net\/secrets\/openmetadata-[a-z-]+ --query value/);
      }
    }
  });
});
