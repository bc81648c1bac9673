/** Does something until it is so, at most so many times; answers how often it took, undefined when it is not so then. */
export async function repeatUntil(
  isSo: () => boolean | Promise<boolean>,
  most: number,
  again: () => Promise<unknown>,
): Promise<number | undefined> {
  for (let times = 0; times <= most; times += 1) {
    if (await isSo()) return times;
    if (times < most) await again();
  }
  return undefined;
}
