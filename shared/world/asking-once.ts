/**
 * The same, but asks each question once, however often it comes, and gives the same answer: for who only looks. What
 * failed is not tried again either.
 */
export function askingOnce<T extends object>(part: T): T {
  const asks = Object.entries(part).map(([name, ask]) => [name, typeof ask === "function" ? once(ask as Ask) : ask]);
  return Object.fromEntries(asks) as T;
}

type Ask = (...about: unknown[]) => unknown;

function once(ask: Ask): Ask {
  const answers = new Map<string, unknown>();
  return (...about) => {
    const key = JSON.stringify(about);
    if (!answers.has(key)) answers.set(key, ask(...about));
    return answers.get(key);
  };
}
