import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const LocalSettings = z.object({
  IsEncrypted: z.literal(false, { error: "is not false: encrypted settings are for Core Tools only" }).optional(),
  Values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
});

/**
 * Reads the `Values` of a `local.settings.json`, without those that the environment already sets: as with
 * `func start`, a variable of the shell wins. Give the shell's own `env` where a host runs, whose settings are in
 * `process.env`. No file means no settings, and a byte order mark is forgiven.
 * Throws for a file that is no settings file. Microsoft Learn: "Code and test Azure Functions locally".
 */
export function readLocalSettings(path: string, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  if (!existsSync(path)) return {};
  const { Values } = parse(path);
  return Object.fromEntries(Object.entries(Values).filter(([name]) => env[name] === undefined));
}

function parse(path: string): z.infer<typeof LocalSettings> {
  try {
    return LocalSettings.parse(JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, "")));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : "it is not JSON";
    throw new Error(`Cannot read "${path}": ${reason}`, { cause });
  }
}
