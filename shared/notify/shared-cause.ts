/** What all credentials reach by the same address, with the same identity. */
export function isShared(reason: string): boolean {
  return (
    /^(?:graph|vault|entra|identity|storage)-(?:un\w+|throttled|(?:network-)?forbidden|without-token)$/.test(reason) ||
    reason === "storage-refused"
  );
}
