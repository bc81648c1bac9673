import { type ChildProcess, execFile } from "node:child_process";
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
  /** `started`: gets the process, to send it a signal. */
  run(file: string, args: readonly string[], started?: (child: ChildProcess) => void): Promise<Ended>;
  close(): Promise<void>;
}

/** What az does, as far as it is needed: the credential of @azure/identity and the hand-over texts call it. */
const AZ = `#!/bin/sh
case "$1" in
  --version) echo "{}"; exit 0 ;;
  login) exit 0 ;;
esac
[ -n "$LOCAL_TOKEN" ] || { echo "ERROR: Please run 'az login' to setup account." >&2; exit 1; }
case "$1" in
  account)
    while [ $# -gt 0 ]; do [ "$1" = --resource ] && resource=$2; shift; done
    one=$(sed -n "s|^$resource ||p" "$(dirname "$0")/tokens")
    [ -n "$one" ] && LOCAL_TOKEN=$one
    echo "{\\"accessToken\\":\\"$LOCAL_TOKEN\\",\\"expires_on\\":4102444800,\\"expiresOn\\":\\"2100-01-01 00:00:00.000000\\",\\"tokenType\\":\\"Bearer\\"}" ;;
  rest) exec node "$(dirname "$0")/rest.mjs" "$@" ;;
  *) echo "ERROR: $* is not known" >&2; exit 2 ;;
esac
`;

/** `az rest --method --url [--headers name=value] [--body] [--query name]`. */
const REST = `
const option = (name) => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
const [name, value] = (option("--headers") ?? "accept=*/*").split("=");
const headers = { authorization: "Bearer " + process.env.LOCAL_TOKEN, "content-type": "application/json", [name]: value };
const answer = await fetch(option("--url"), { method: option("--method"), headers, body: option("--body") });
const text = await answer.text();
if (!answer.ok) { process.stderr.write("ERROR: " + answer.status + " " + text + "\\n"); process.exit(1); }
if (text) process.stdout.write((option("--query") ? JSON.parse(text)[option("--query")] : text) + "\\n");
`;

/**
 * `token` undefined: az is not signed in. `certificate`: PEM that is trusted. Of the machine's environment only the path
 * counts: a locale that is not installed, options of Node or a proxy would change what the commands say.
 */
export async function openShell(given: {
  token: string | undefined;
  certificate: string;
  env: Record<string, string>;
  /** By resource, where one token is not good for all. */
  tokens?: Record<string, string>;
}): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), "operator-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "az"), AZ);
  await chmod(join(bin, "az"), 0o755);
  await writeFile(join(bin, "rest.mjs"), REST);
  const lines = Object.entries(given.tokens ?? {}).map(([resource, token]) => `${resource} ${token}\n`);
  await writeFile(join(bin, "tokens"), lines.join(""));
  // Neither may the machine's own sign-in answer in its place.
  for (const name of ["pwsh", "powershell", "azd"]) {
    await writeFile(join(bin, name), "#!/bin/sh\nexit 1\n");
    await chmod(join(bin, name), 0o755);
  }
  const ca = join(folder, "ca.pem");
  await writeFile(ca, given.certificate);
  const env = {
    HOME: folder,
    SHLVL: "1", // without it bash takes the pipe for a remote shell's, and reads the machine's bashrc
    ...given.env,
    PATH: [bin, fileURLToPath(new URL("../../node_modules/.bin", import.meta.url)), process.env.PATH].join(delimiter),
    NODE_EXTRA_CA_CERTS: ca,
    LOCAL_TOKEN: given.token ?? "",
  };
  return {
    run: (file, args, started) =>
      new Promise((resolve) => {
        const child = execFile(file, args, { env }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
        );
        started?.(child);
      }),
    close: () => rm(folder, { recursive: true }),
  };
}
