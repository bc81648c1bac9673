/**
 * An argument as cmd.exe and the programs of Windows read it. Windows starts a package's command by a shell, which is
 * handed all arguments as one line: without quotation marks a space in a path, or an &, would divide it.
 * @param {string} argument
 */
export function quoted(argument) {
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&")}"`;
}
