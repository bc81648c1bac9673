import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { dockerEnvironment } from "../../shared/configuration/docker.ts";
import { AUTHORITY, CASES, type Change, comments, described, facts, OWN, SERVER, TENANT, VAULT } from "./described.ts";

/** As Compose reads the file: names and values, and nothing else. */
function read(version: string, flow: "implicit" | "auth-code", change: Change = {}) {
  const text = dockerEnvironment(described(version, flow, change));
  return { text, env: parseEnv(text) };
}

const COMMON = {
  AUTHORIZER_CLASS_NAME: "org.openmetadata.service.security.DefaultAuthorizer",
  AUTHORIZER_REQUEST_FILTER: "org.openmetadata.service.security.JwtFilter",
  AUTHORIZER_PRINCIPAL_DOMAIN: "example.com",
  AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN: "false",
  AUTHENTICATION_PROVIDER: "azure",
  AUTHENTICATION_AUTHORITY: AUTHORITY,
  AUTHENTICATION_CLIENT_ID: SERVER,
  AUTHENTICATION_CALLBACK_URL: "https://om.example.com/callback",
  AUTHENTICATION_JWT_PRINCIPAL_CLAIMS: "[preferred_username,email,sub]",
};
const OIDC = {
  OIDC_CLIENT_ID: SERVER,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference, resolved by Compose
  OIDC_CLIENT_SECRET: "${SERVER_CLIENT_SECRET}",
  OIDC_TYPE: "azure",
  OIDC_SCOPE: "offline_access openid email profile",
  OIDC_DISCOVERY_URI: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
  OIDC_TENANT: TENANT,
  OIDC_CALLBACK: "https://om.example.com/callback",
  OIDC_SERVER_URL: "https://om.example.com",
};
/** From 1.10 on, with the authorization-code flow. */
const NAMED = { CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "azure" };
const keys = (path: string): string => `[${AUTHORITY}/discovery/v2.0/keys,https://om.example.com${path}]`;

describe("dockerEnvironment()", () => {
  it("says for 0.13 what that release knows, and no more", () => {
    expect(read("0.13.3", "implicit").env).toEqual({
      ...COMMON,
      AUTHORIZER_ADMIN_PRINCIPALS: `[Jane.Doe,john,${OWN}]`,
      AUTHENTICATION_PUBLIC_KEYS: keys("/api/v1/config/jwks"),
    });
  });

  it.each(["1.0.0", "1.2.5", "1.3.2", "1.4.4"])(
    "says the same for the implicit flow of %s, keys and case aside",
    (version) => {
      const names = version < "1.3" ? "Jane.Doe" : "jane.doe";
      expect(read(version, "implicit").env).toEqual({
        ...COMMON,
        AUTHORIZER_ADMIN_PRINCIPALS: `[${names},john,${OWN}]`,
        AUTHENTICATION_PUBLIC_KEYS: keys("/api/v1/system/config/jwks"),
      });
    },
  );

  it.each(["1.5.13", "1.10.14", "1.12.3"])("names the client type in %s", (version) => {
    const common = {
      ...COMMON,
      AUTHORIZER_ADMIN_PRINCIPALS: `[jane.doe,john,${OWN}]`,
      AUTHENTICATION_PUBLIC_KEYS: keys("/api/v1/system/config/jwks"),
    };
    expect(read(version, "implicit").env).toEqual({ ...common, AUTHENTICATION_CLIENT_TYPE: "public" });
    const confidential = { ...common, ...OIDC, AUTHENTICATION_CLIENT_TYPE: "confidential" };
    expect(read(version, "auth-code").env).toEqual({ ...confidential, ...(version === "1.5.13" ? {} : NAMED) });
  });

  it("uses the new names of 2.x, beside the one that the identity needs", () => {
    expect(read("2.0.0", "auth-code").env).toEqual({
      ...COMMON,
      ...OIDC,
      ...NAMED,
      AUTHORIZER_ADMIN_EMAILS: "[Jane.Doe@example.com,john@example.com]",
      AUTHORIZER_ADMIN_PRINCIPALS: `[jane.doe,john,${OWN}]`,
      AUTHENTICATION_CLIENT_TYPE: "confidential",
      AUTHENTICATION_CALLBACK_URL: "",
      AUTHENTICATION_PUBLIC_KEYS: keys("/api/v1/system/config/jwks"),
    });
    expect(read("2.0.0", "implicit").env.AUTHENTICATION_CALLBACK_URL).toBe("https://om.example.com/callback");
  });

  it.each(CASES)("for %s, %s: a line is a comment, blank, or a name with a bare value", (version, flow) => {
    for (const line of read(version, flow).text.trimEnd().split("\n")) {
      expect(line).toMatch(/^#|^$|^[A-Z][A-Z0-9_]*=(?! )[^"'#]*(?<! )$/);
    }
  });

  it("warns of the two mistakes in the published file, blanks and trailing comments", () => {
    expect(comments(read("1.12.3", "implicit").text)).toMatch(/Do not put a space after = or a comment after a value/);
  });

  it("leaves out whether the domain is enforced where nobody knows, and says so: a guess would weaken the server", () => {
    const { live } = facts("1.12.3", "implicit");
    if (!live) throw new Error("No live server");
    for (const unknown of [{ live: { ...live, enforcePrincipalDomain: undefined } }, { live: undefined }]) {
      const { env, text } = read("1.12.3", "implicit", unknown);
      expect(env).not.toHaveProperty("AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN");
      expect(comments(text)).toContain(
        "AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN is left out, because the server did not say",
      );
    }
    expect(comments(read("1.12.3", "implicit").text)).not.toContain("is left out, because the server");
  });

  it("says how the secret gets from the vault into the variable, and that only for the flow that has one", () => {
    const command = `export SERVER_CLIENT_SECRET="$(az keyvault secret show --id ${VAULT}/secrets/openmetadata-server-client-secret --query value --output tsv)"`;
    expect(comments(read("1.12.3", "auth-code").text)).toContain(command);
    expect(read("1.12.3", "implicit").text).not.toMatch(/client-secret|OIDC_/);
  });

  it("says where the published compose files leave the variables out", () => {
    expect(comments(read("1.4.4", "auth-code").text)).toMatch(
      /1\.3 and 1\.4 list neither AUTHENTICATION_CLIENT_TYPE nor any OIDC_/,
    );
    expect(read("1.4.4", "implicit").text).not.toContain("AUTHENTICATION_CLIENT_TYPE");
    expect(read("1.5.13", "auth-code").text).not.toContain("list neither");
  });

  it("writes lists that the server reads back as they were, whatever is in them", () => {
    const claims = [
      "sub",
      "true",
      "false",
      "null",
      "on",
      "off",
      "ab, cd",
      `12 ${TENANT}`,
      `${TENANT}, x`,
      "yes",
      "y",
      "a b",
      "x # y",
      "$HOME",
      "$" + "{HOME}",
      '"',
      "]",
      "no",
      "12",
      "a:",
      "\n",
      "é",
    ];
    const { live } = facts("1.12.3", "implicit");
    if (!live) throw new Error("No live server");
    const { env, text } = read("1.12.3", "implicit", { live: { ...live, jwtPrincipalClaims: claims } });
    // The server's parser keeps to YAML 1.1, where "no" is a boolean.
    for (const version of ["1.1", "1.2"] as const) {
      expect(parse(env.AUTHENTICATION_JWT_PRINCIPAL_CLAIMS ?? "", { version })).toEqual(claims);
    }
    expect(text).not.toMatch(/^[^#]*[$]/m);
  });
});
