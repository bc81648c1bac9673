import { installationMark, signedName } from "../../shared/clients/graph/marks.ts";
import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import { SECRET } from "./ports.ts";
import type { World } from "./world.ts";

/** What people do, rarely, and without asking. */
type Act = (world: World, chance: Chance) => string | undefined;

const OTHER = installationMark("https://another.vault.azure.net", SECRET);

/** One person who does one thing now. */
export function actOfAPerson(world: World, chance: Chance): void {
  const done = chance.pick(ACTS)(world, chance);
  if (done === undefined) return;
  world.acted();
  world.journal.note("a person", done);
  world.journal.count(`a person ${done.replace(/ key-\d+.*/, "")}`);
}

const ACTS: readonly Act[] = [
  function deletesTheCurrentOne({ entra, current }) {
    const credential = entra.byKey(current.latest()?.tags?.keyId);
    if (!credential || !entra.lives(credential)) return undefined;
    entra.remove(credential, "person");
    return `deletes the current credential ${credential.keyId} in Entra`;
  },
  function deletesTheStagedOne({ entra, staged }) {
    const credential = entra.byKey(staged.latest()?.tags?.keyId);
    if (!credential || !entra.lives(credential)) return undefined;
    entra.remove(credential, "person");
    return `deletes the staged credential ${credential.keyId} in Entra`;
  },
  function deletesTheNextOneAsItFallsDue(world, chance) {
    const { timeline, current, profile, entra, staged, journal } = world;
    const due = (current.latest()?.expiresOn?.getTime() ?? 0) - profile.policy.renewBeforeDays * DAY;
    timeline.at(due - chance.between(0, 20 * MINUTE), () => {
      const credential = entra.byKey(staged.latest()?.tags?.keyId);
      if (world.isCalm() || timeline.now() > due || !credential || !entra.lives(credential)) return;
      entra.remove(credential, "person");
      world.acted();
      journal.note("a person", `deletes the staged credential ${credential.keyId} in Entra just before it is needed`);
    });
    return "will delete the staged credential just before it is needed";
  },
  function addsAForeignOne({ entra, timeline }) {
    entra.addForeign(new Date(timeline.now() + 300 * DAY));
    return "adds a foreign credential";
  },
  function installsTheAppTwice({ entra, timeline }, chance) {
    const nonce = `${new Date(timeline.now()).toISOString()} other`;
    // By this release with its own mark; by an earlier one without any.
    const name = chance.pick([signedName(OTHER, nonce), `managed by openmetadata-entra ${nonce}`]);
    entra.addForeign(new Date(timeline.now() + 90 * DAY), name);
    return "has another installation add one of its own";
  },
  function removesAForeignOne({ entra, server }) {
    const held = server.holders().map(({ value }) => value);
    const foreign = entra.all.find((one) => !one.managed && entra.lives(one) && !held.includes(one.value));
    if (!foreign) return undefined;
    entra.remove(foreign, "person");
    return `removes the foreign credential ${foreign.keyId}`;
  },
  function disablesTheCurrentVersion({ current }) {
    const version = current.latest();
    if (!version?.enabled) return undefined;
    version.enabled = false;
    return "disables the current version in the vault";
  },
  function storesAnotherValue({ current, byHand, grid }) {
    if (current.deleted) return undefined;
    const value = `typed by hand ${current.versions.length}`;
    byHand.add(value);
    grid.versionCreated(current, current.storeByHand(value));
    return "stores another value as the current secret";
  },
  function deletesTheStagedSecret(world, chance) {
    return deletesForAWhile(world, { secret: world.staged, chance });
  },
  function deletesTheCurrentSecret(world, chance) {
    return deletesForAWhile(world, { secret: world.current, chance });
  },
  function deploysAPipeline({ server }, chance) {
    const idle = server.pipelines.filter(({ deployed }) => !deployed);
    if (idle.length === 0) return undefined;
    const pipeline = chance.pick(idle);
    server.deploy(undefined, pipeline, server.bot.value);
    return "deploys a new pipeline";
  },
];

/** Soft-deleted: the name is taken until the person follows the app's hint. */
function deletesForAWhile(
  { timeline, journal, acted }: World,
  { secret, chance }: { secret: World["staged"]; chance: Chance },
): string | undefined {
  if (secret.deleted || secret.versions.length === 0) return undefined;
  const purges = secret.name.endsWith("-next") && chance.happens(0.5);
  secret.deleted = true;
  timeline.after(chance.between(10 * MINUTE, 30 * HOUR), () => {
    secret.deleted = false;
    if (purges) secret.versions.length = 0;
    acted();
    journal.note("a person", `${purges ? "purges" : "recovers"} the deleted secret "${secret.name}"`);
  });
  return `deletes the secret "${secret.name}"`;
}

/** Follows the hint of an error that says that too many managed credentials exist: removes those nobody uses. */
export function removeUnused({ entra, server, reader, current, staged, journal, acted }: World): void {
  const used = new Set([...server.holders(), reader].map(({ value }) => value));
  for (const version of [current.latest(), staged.latest()]) used.add(version?.value);
  for (const one of entra.all) if (one.managed && entra.lives(one) && !used.has(one.value)) entra.remove(one, "person");
  acted();
  journal.count("times a person had to remove unused credentials");
  journal.note("a person", "removes the managed credentials that nobody uses, as the app's hint says");
}
