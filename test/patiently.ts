/** For `expect.poll`: what goes on in the background ends soon, but nobody knows when on a busy machine. Ends what hangs. */
export const PATIENTLY = { interval: 5, timeout: 240_000 };
