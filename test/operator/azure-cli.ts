import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A shell in which az is signed in with a token of the local tenant, and knows `account get-access-token` and `rest`. */
export interface Shell {
  run(file: string, args: readonly string[]): Promise<Ended>;
  close(): Promise<void>;
}

/** What az does, as far as it is needed: the credential of @azure/identity and the hand-over texts call it. */
const AZ = `#!/usr/bin/env node
const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
const given = (name) => args.includes(name);
const token = process.env.LOCAL_TOKEN;
const die = (text) => { process.stderr.write(text + "\\n"); process.exit(1); };
if (given("--version")) { process.stdout.write("{}"); }
else if (args[0] === "login") { /* is signed in already */ }
else if (!token) die("ERROR: Please run 'az login' to setup account.");
else if (args[0] === "account") process.stdout.write(JSON.stringify({ accessToken: token, expires_on: 4102444800, expiresOn: "2100-01-01 00:00:00.000000", tokenType: "Bearer" }));
else if (args[0] === "rest") {
  const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
  if (given("--headers")) { const [name, value] = option("--headers").split("="); headers[name] = value; }
  fetch(option("--url"), { method: option("--method"), headers, body: given("--body") ? option("--body") : undefined }).then(async (answer) => {
    const text = await answer.text();
    if (!answer.ok) die("ERROR: " + answer.status + " " + text);
    if (text) process.stdout.write(given("--query") ? JSON.parse(text)[option("--query")] + "\\n" : text + "\\n");
  }).catch((error) => die(String(error.cause ?? error)));
} else die("ERROR: " + args.join(" ") + " is not known");
`;

/** `token` undefined: az is not signed in. `certificate`: PEM that is trusted; `env` on top of the machine's. */
export async function openShell(given: {
  token: string | undefined;
  certificate: string;
  env: Record<string, string>;
}): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), "operator-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "az"), AZ);
  await chmod(join(bin, "az"), 0o755);
  // Neither may the machine's own sign-in answer in its place.
  for (const name of ["pwsh", "powershell", "azd"]) {
    await writeFile(join(bin, name), "#!/bin/sh\nexit 1\n");
    await chmod(join(bin, name), 0o755);
  }
  const ca = join(folder, "ca.pem");
  await writeFile(ca, given.certificate);
  const env = {
    ...process.env,
    ...given.env,
    PATH: [bin, fileURLToPath(new URL("../../node_modules/.bin", import.meta.url)), process.env.PATH].join(delimiter),
    NODE_EXTRA_CA_CERTS: ca,
    LOCAL_TOKEN: given.token ?? "",
  };
  return {
    run: (file, args) =>
      new Promise((resolve) => {
        execFile(file, args, { env }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
        );
      }),
    close: () => rm(folder, { recursive: true }),
  };
}
