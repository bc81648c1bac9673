import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { storeTokenCommand } from "../../shared/deployment/stored-token.ts";

/** An az that shows its arguments, one a line, and what it is given through standard input. */
const AZ = `az() { printf '%s\\n' "$@"; printf 'given: '; cat; }`;

it("a token is stored as it was pasted, and stands in no command line", () => {
  const token = "eyJhbGciOiJSUzI1NiJ9.e30.a\\b$c-_";
  const command = storeTokenCommand({ vault: "openmetadata-kv", secret: "administrator" });
  expect(command).not.toContain(token);
  const said = execFileSync("bash", ["-c", `${AZ}; ${command}`], { input: `${token}\n`, encoding: "utf8" });
  expect(said.split("\n")).toEqual([
    ...["keyvault", "secret", "set", "--vault-name", "openmetadata-kv", "--name", "administrator"],
    ...["--file", "/dev/stdin", "--encoding", "utf-8", "--output", "none"],
    `given: ${token}`,
  ]);
});
