import { HOUR } from "../limits.ts";
import type { Handed, Pushed } from "../rotation/client-secret/ports.ts";

/**
 * Whoever reads the secret in the vault by itself (External Secrets, the CSI driver, a workflow). Nobody can see whether
 * it has: it is taken to have when so many hours have passed, and everything that is answered says so. After a leak
 * nobody is given time: the old secret shall go at once.
 */
export function vaultReaders(
  { now, readWithinHours }: { now: () => Date; readWithinHours: number },
  because: string,
): { push(secret: Pick<Handed, "storedOn" | "urgent">): Promise<Pushed> } {
  return {
    async push({ storedOn, urgent }) {
      const until = new Date(storedOn.getTime() + readWithinHours * HOUR);
      if (!urgent && now() < until) {
        const detail = `${because}: workloads that read the vault have until ${until.toISOString()} to read the new secret`;
        return { kind: "waiting", code: "readers-pending", because: detail, until, readUntil: until };
      }
      const detail = `${because}: assumed read after the waiting time; not verified`;
      return { kind: "delivered", detail, readUntil: until };
    },
  };
}
