import ignore from "ignore";

/** Which of these files VS Code would upload from a folder: the file is read as git reads its own. */
export function leftByVsCode(funcIgnore: string, files: readonly string[]): string[] {
  return ignore().add(funcIgnore).filter(files);
}

/**
 * Which of these files the Core Tools would upload (Azure/azure-functions-core-tools, GitIgnoreParser.cs): every line is
 * an expression that fits the beginning of a path from the root, `*` is one character or more without a slash, `**` one
 * or more of any kind; a line with `!` wins wherever it stands. Some files are never sent.
 */
export function leftByCoreTools(funcIgnore: string, files: readonly string[]): string[] {
  const lines = funcIgnore
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const kept = lines.filter((line) => line.startsWith("!")).map((line) => beginning(line.slice(1)));
  const ignored = lines.filter((line) => !line.startsWith("!")).map(beginning);
  const fits = (patterns: RegExp[], file: string): boolean => patterns.some((pattern) => pattern.test(file));
  return files.filter((file) => !NEVER_SENT.test(file) && (fits(kept, file) || !fits(ignored, file)));
}

const NEVER_SENT = /^(\.git|\.vscode)\/|(^|\/)(\.funcignore|\.gitignore|local\.settings\.json|project\.lock\.json)$/;

function beginning(pattern: string): RegExp {
  const source = pattern
    .replace(/^\//, "")
    .split(/(\*+)/)
    .map((piece) => (piece === "*" ? "[^/]+" : piece === "**" ? ".+" : piece.replace(/[^\w/]/g, "\\$&")))
    .join("");
  return new RegExp(`^${source}`);
}
