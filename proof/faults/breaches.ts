import type { Setting } from "../../journey/setting.ts";
import type { Exchange } from "../../local/cloud/exchange.ts";
import { PROOF_SIGN_INS } from "../../shared/limits.ts";
import { broken } from "../promises.ts";
import { isOfApp, pathOf } from "../strikes/requests.ts";
import { SECRET, type Truth } from "./truth.ts";

/** What is noticed while the app works, whatever the scenario is about. */
export interface Watch {
  /** What broke a promise, one sentence each. */
  breaches(): string[];
  /** Every value that must be in no log and no answer. */
  secrets(): string[];
  /** To be called when a person has added credentials. */
  remember(): void;
}

/** What a scenario's settings and calls allow. */
export interface Rules {
  /** Milliseconds that an old secret is kept after its successor was delivered. */
  overlap: number;
}

/**
 * Looks at every exchange: nothing unproven may become current, and nothing may be retired that is not ours, that a
 * consumer still holds or might, or that is current.
 */
export function watchOver({ cloud, clock }: Pick<Setting, "cloud" | "clock">, truth: Truth, rules: Rules): Watch {
  const breaches = new Set<string>();
  const values = new Map<string, string>();
  const inARow = new Map<string, number>();
  const foreign = new Set<string>();
  const remember = (): void => {
    for (const { keyId, value } of truth.managed()) values.set(keyId, value);
    for (const { keyId, value } of truth.foreign()) {
      values.set(keyId, value);
      foreign.add(keyId);
    }
  };
  const watch: Watch = {
    remember,
    breaches: () => [...breaches],
    secrets: () => [...values.values()],
  };
  const noteSignIn = ({ body, status }: Exchange): void => {
    const value = new URLSearchParams(body).get("client_secret");
    if (value) inARow.set(value, status === 200 ? (inARow.get(value) ?? 0) + 1 : 0);
  };
  // What was done counts, and not the answer, which a fault may have changed.
  const judgePromotion = ({ body }: Exchange): void => {
    const { value } = JSON.parse(body) as { value: string };
    const isCurrent = truth.current()?.value === value;
    if (isCurrent && (inARow.get(value) ?? 0) < PROOF_SIGN_INS)
      breaches.add(broken("proof before use", "an unproven secret was made current"));
  };
  const early = (why: string): void =>
    void breaches.add(broken("no early retirement", `a credential was removed ${why}`));
  const judgeRemoval = ({ body }: Exchange): void => {
    const { keyId } = JSON.parse(body) as { keyId: string };
    if ([...truth.managed(), ...truth.foreign()].some((one) => one.keyId === keyId)) return;
    if (foreign.has(keyId)) breaches.add(broken("foreign safety", "a credential that is not ours was removed"));
    const since = Date.parse(truth.current()?.tags.deliveredOn ?? "");
    const wasCurrent = truth.pastValues().has(values.get(keyId) ?? "");
    // Nobody can depend on what never was current.
    if (wasCurrent && !(clock.now().getTime() >= since + rules.overlap)) early("during the overlap");
    if (truth.current()?.tags.keyId === keyId) early("that is current");
    const held = truth.holders().filter(({ value }) => value !== undefined && value === values.get(keyId));
    for (const { name } of held) early(`that ${name} still held`);
  };
  cloud.wire.onExchange.push((exchange) => {
    if (!isOfApp(exchange)) return;
    if (exchange.service === "graph") remember();
    const { service, method } = exchange;
    const path = pathOf(exchange);
    if (service === "entra" && path.endsWith("/token")) noteSignIn(exchange);
    if (service === "key-vault" && method === "PUT" && path === `/secrets/${SECRET}`) judgePromotion(exchange);
    if (service === "graph" && path.endsWith("/removePassword")) judgeRemoval(exchange);
  });
  return watch;
}
