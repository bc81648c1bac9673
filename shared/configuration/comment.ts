const WIDTH = 100;

/**
 * Writes paragraphs as comment lines, which yaml, `.env` files and shells share. A paragraph that begins with a blank
 * is a command and stays one line.
 */
export function comment(paragraphs: readonly string[], indent = ""): string[] {
  return paragraphs.flatMap((text) => {
    const words = text.trim().split(/\s+/);
    const lines = text.startsWith(" ") ? [`  ${words.join(" ")}`] : wrap(words, WIDTH - indent.length);
    return lines.map((line) => `${indent}# ${line}`);
  });
}

function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
