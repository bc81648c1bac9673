import { GRACE, PROOF_SPACING } from "../../limits.ts";
import { retry } from "../../retry.ts";
import type { Applied } from "../outcome.ts";
import type { Version } from "../secret-store.ts";
import type { Taken } from "./kept.ts";
import type { Issued } from "./observed.ts";
import type { Ports } from "./ports.ts";

/** So much of a secret Entra shows (Microsoft Learn: "passwordCredential resource type", `hint`). */
const HINT = 3;
/** One that was good for long is not given up for one refusal. */
const PAUSES = [PROOF_SPACING, PROOF_SPACING];

interface Subject {
  appId: string;
  current: Version & { keyId: string };
  issued: readonly Issued[];
  endsOn: Date;
}

/**
 * Is what is current the credential that its tags name, and does Entra let it in? If not, that is noted, and the next
 * look finds that it must be replaced; what can still be replication is waited for. Done only when both are so.
 */
export async function checkCurrent(ports: Ports, { appId, current, issued, endsOn }: Subject): Promise<Taken> {
  const { keyId, version } = current;
  const value = await ports.current.value(version);
  const refuse = async (because: string): Promise<Applied> => {
    await ports.current.note(current, { refusedOn: ports.now() });
    return {
      state: "waiting",
      code: "current-secret-untrusted",
      detail: `the current secret must be replaced: ${because}`,
    };
  };
  if (isAnother(value, keyId, issued))
    return refuse(`its value does not belong to keyId=${keyId}, which its tag names`);
  const signsIn = async () => (await ports.signIn(appId, value)).kind === "signed-in" || undefined;
  if (await retry(ports, signsIn, { pauses: PAUSES, endsOn })) {
    const noted = await ports.current.note(current, { checkedOn: ports.now() });
    const detail = `checked keyId=${keyId} version=${version}: it signs in`;
    return { state: "done", detail, keyId, version, wrote: { current: noted } };
  }
  // By the vault's own date: tags may be anybody's.
  const isYoung = ports.now().getTime() <= current.createdOn.getTime() + GRACE;
  if (isYoung)
    return {
      state: "waiting",
      code: "replication-pending",
      detail: "Entra does not accept the current secret everywhere yet",
    };
  return refuse(`Entra rejects keyId=${keyId}`);
}

/** A credential that Entra's lagging list lacks cannot be compared: then it must at least be none of the others. */
function isAnother(value: string, keyId: string, issued: readonly Issued[]): boolean {
  const start = value.slice(0, HINT);
  const listed = issued.find((one) => one.keyId === keyId);
  if (!listed) return issued.some(({ hint }) => hint === start);
  return listed.hint !== undefined && listed.hint !== start;
}
