import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/** A command of this project, as its `--help` explains it. */
interface Command<T extends ParseArgsOptionsConfig> {
  help: string;
  /** Beside `--help`, which every command has. */
  options: T;
}

type Values<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

/**
 * Reads the options of this process. `undefined` when nothing is left to do: the help was asked for (exit code 0), or
 * an option is unknown or lacks its value, which is said on stderr (exit code 2).
 */
export function readOptions<T extends ParseArgsOptionsConfig>({ help, options }: Command<T>): Values<T> | undefined {
  const taken = takenByNpm(Object.keys(options));
  if (taken) {
    refuseOptions(taken, help);
    return undefined;
  }
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } });
    if (!("help" in values && values.help)) return values as Values<T>;
    process.stdout.write(help);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's second sentence is about arguments that this project's commands do not have.
    const [reason = error.message] = error.message.split(". ");
    refuseOptions(reason, help);
  }
  return undefined;
}

/**
 * Why options of ours did not reach this process: npm's script for PowerShell drops the `--` before them (npm/cli #3136
 * and #4903, up to npm 11.3 at least), npm takes them for its own, and what was to be tried with --dry-run would be done.
 */
export function takenByNpm(names: readonly string[], { argv, env } = process): string | undefined {
  const taken = names.filter((name) => {
    // npm has a prefix in any case, and keeps --no-api as an api that is off.
    if (name === "prefix" || argv.some((given) => given === `--${name}` || given.startsWith(`--${name}=`)))
      return false;
    if (name.startsWith("no-")) return env[`npm_config_${name.slice(3).replaceAll("-", "_")}`] === "";
    return env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined;
  });
  if (taken.length === 0) return undefined;
  const [first = ""] = taken;
  const command = `npm run ${env.npm_lifecycle_event ?? "<command>"} '--' --${first}`;
  return `npm took --${taken.join(", --")} for itself; in PowerShell put the dashes before it in quotes: ${command}`;
}

/** Says why the options make no sense, and what the command takes; the exit code becomes 2. */
export function refuseOptions(reason: string, help: string): void {
  process.stderr.write(`${reason}\n\n${help}`);
  process.exitCode = 2;
}
