/** Something in the app or in host.json that stops the real host as a whole: it answers 503 to everything. */
export class HostFault extends Error {
  override name = "HostFault" as const;
}
