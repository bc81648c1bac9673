import type { Words } from "../../../local/cloud/key-vault/refusal.ts";
import { MINUTE } from "../../../shared/limits.ts";
import { BLOCKED_BY_FIREWALL, vaultSays } from "../../strikes/refusals.ts";
import { mostWithin } from "../bursts.ts";
import type { Scenario } from "../scenario.ts";
import { SECRET, STAGED } from "../truth.ts";

const WRITE = { service: "key-vault", method: "PUT" } as const;
/** A value, as opposed to the announcement of one. */
const STORE = { ...WRITE, path: new RegExp(`/secrets/${STAGED}$`), body: /client-secret"/ };
const PROMOTE = { ...WRITE, path: new RegExp(`/secrets/${SECRET}$`) };
const THROTTLED: Words = {
  code: "Throttled",
  message: "Request was not processed because too many requests were received.",
};

/** Faults of the vault. */
export const KEY_VAULT: Scenario[] = [
  {
    fault: 22,
    variant: "current",
    title: "The secret's name is taken by a deleted one, before the first rotation",
    source: "external-secrets#3519, Azure/azure-powershell#14788",
    injected: "a secret of that name was deleted by a person, who recovers it later",
    from: "provisioned",
    repeats: { path: "rotate" },
    async play(scene) {
      const { vault } = scene.cloud;
      vault.setByHand(SECRET, "made by hand");
      vault.deleteByHand(SECRET);
      const { status } = await scene.post("rotate");
      scene.verify("found it before a secret was issued", status === 409 && scene.issued() === 0);
      vault.recoverByHand(SECRET);
    },
  },
  {
    fault: 22,
    variant: "staged",
    title: "The same for the name under which the next one is staged",
    source: "external-secrets#3519, ansible-collections/azure#1145",
    injected: "the staged secret was deleted by a person, who recovers it later",
    from: "due",
    async play(scene) {
      const { vault } = scene.cloud;
      vault.deleteByHand(STAGED);
      await scene.run();
      scene.verify("found it before a secret was issued", scene.issued() === 0);
      vault.recoverByHand(STAGED);
    },
  },
  {
    fault: 22,
    variant: "in use",
    title: "A person deletes the current secret in the vault",
    source: "external-secrets#3519, Azure/azure-service-operator#713",
    injected: "the current secret is deleted for one run, and recovered",
    from: "settled",
    async play(scene) {
      scene.cloud.vault.deleteByHand(SECRET);
      await scene.run();
      scene.verify("issued nothing; the bot went on with what it had", scene.issued() === 0);
      scene.cloud.vault.recoverByHand(SECRET);
    },
  },
  {
    fault: 23,
    title: "A recovered secret cannot be written for a while, though the recovery is complete",
    source: "Azure/azure-sdk-for-net#31581",
    injected:
      "the current secret is deleted and recovered; during one run its writes are answered 409 ObjectIsBeingRecovered",
    from: "due",
    async play(scene) {
      const { vault } = scene.cloud;
      vault.recoveringFor = 40 * MINUTE;
      vault.deleteByHand(SECRET);
      vault.recoverByHand(SECRET);
      await scene.run();
      scene.verify("staged the next one and left promoting it to the next run", scene.issued() === 1);
      vault.recoveringFor = 0;
    },
  },
  {
    fault: 24,
    variant: "all",
    title: "The vault's firewall shuts the app out",
    source: "MicrosoftDocs/azure-docs#52649, hashicorp/terraform-provider-azurerm#4553",
    injected: "every request to the vault is answered 403 ForbiddenByFirewall during one run",
    from: "due",
    async play(scene) {
      scene.cloud.vault.firewall(true);
      await scene.run();
      scene.verify("no orphan was born: nothing was issued", scene.issued() === 0);
      scene.cloud.vault.firewall(false);
    },
  },
  {
    fault: 24,
    variant: "writes",
    title: "The vault can be read and not be written",
    source: "MicrosoftDocs/azure-docs#58475",
    injected: "every PUT to the vault is answered 403 ForbiddenByFirewall during one run",
    from: "due",
    async play(scene) {
      const closed = scene.inject(WRITE, vaultSays(403, BLOCKED_BY_FIREWALL));
      await scene.run();
      scene.verify("no orphan was born: the announcement failed before anything was issued", scene.issued() === 0);
      closed.end();
    },
  },
  {
    fault: 24,
    variant: "in between",
    title: "The vault closes between the announcement and the value",
    source: "MicrosoftDocs/azure-docs#52649",
    injected: "only the PUT that holds the new value is answered 403 ForbiddenByFirewall",
    from: "due",
    async play(scene) {
      const closed = scene.inject(STORE, vaultSays(403, BLOCKED_BY_FIREWALL));
      await scene.run();
      const orphans = scene.truth.orphans().length;
      scene.verify("left four inert orphans at most, which are retired later", orphans > 0 && orphans <= 4);
      closed.end();
    },
  },
  {
    fault: 25,
    title: "The app's role on the vault is not effective yet",
    source: "Microsoft Learn: Azure role-based access control for Key Vault data",
    injected: "the identity may get and list, not set, during one run (403 ForbiddenByRbac)",
    from: "due",
    async play(scene) {
      const { vault, app } = scene.cloud;
      vault.revoke(app.objectId);
      vault.grant(app.objectId, ["get", "list"]);
      await scene.run();
      scene.verify("no orphan was born: nothing was issued", scene.issued() === 0);
      vault.grant(app.objectId, ["set", "update"]);
    },
  },
  {
    fault: 26,
    variant: "staged",
    title: "The new value was stored, and the answer is lost",
    source: "Microsoft Learn: Set Secret (each PUT makes a version)",
    injected: "the connection breaks once after the PUT of the new value has done its work",
    from: "due",
    async play(scene) {
      const lost = scene.inject({ ...STORE, times: 1 }, { kind: "lose" });
      await scene.run();
      scene.verify("stored the same value twice, and issued one secret", lost.hits() === 2 && scene.issued() === 1);
      lost.end();
    },
  },
  {
    fault: 26,
    variant: "for good",
    title: "The same for every attempt of the run",
    source: "Microsoft Learn: Set Secret (each PUT makes a version)",
    injected: "the connection breaks after each PUT of the new value, until the run gives up",
    from: "due",
    async play(scene) {
      const lost = scene.inject(STORE, { kind: "lose" });
      await scene.run();
      scene.verify("found the value in the vault and issued no second secret", scene.issued() === 1);
      scene.verify("left no orphan", scene.truth.orphans().length === 0);
      lost.end();
    },
  },
  {
    fault: 26,
    variant: "current",
    title: "The secret was made current, and the answer is lost",
    source: "Microsoft Learn: Set Secret (each PUT makes a version)",
    injected: "the connection breaks once after the PUT of the current value has done its work",
    from: "due",
    async play(scene) {
      const lost = scene.inject({ ...PROMOTE, times: 1 }, { kind: "lose" });
      await scene.run();
      scene.verify(
        "made the same secret current twice, which changes nothing",
        lost.hits() === 2 && scene.issued() === 1,
      );
      lost.end();
    },
  },
  {
    fault: 27,
    variant: "seconds",
    title: "The vault throttles for seconds",
    source: "Microsoft Learn: Azure Key Vault throttling guidance",
    injected: "the first three requests of a run are answered 429 with Retry-After: 2",
    from: "due",
    async play(scene) {
      const throttled = scene.inject(
        { service: "key-vault", times: 3 },
        vaultSays(429, THROTTLED, { "retry-after": "2" }),
      );
      await scene.run();
      scene.verify("waited and went on in the same run", scene.issued() === 1);
      throttled.end();
    },
  },
  {
    fault: 27,
    variant: "an hour",
    title: "The vault throttles for an hour",
    source: "Microsoft Learn: Azure Key Vault throttling guidance",
    injected: "every request to the vault is answered 429 during one run",
    from: "due",
    async play(scene) {
      const throttled = scene.inject({ service: "key-vault" }, vaultSays(429, THROTTLED));
      await scene.run();
      scene.verify(
        "gave up after a few attempts, for a run five minutes later to go on, and issued nothing",
        mostWithin(5 * MINUTE, throttled.times) <= 2 * 8 && scene.issued() === 0,
      );
      throttled.end();
    },
  },
];
