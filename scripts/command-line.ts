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

/** Says why the options make no sense, and what the command takes; the exit code becomes 2. */
export function refuseOptions(reason: string, help: string): void {
  process.stderr.write(`${reason}\n\n${help}`);
  process.exitCode = 2;
}
