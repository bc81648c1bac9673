import { beforeAll, describe, expect, inject, it } from "vitest";
import { type Counted, countOf, WORLDS } from "../../bench/requests.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";

const certificate = await createCertificate();
trustCertificate(certificate);

/** What an operation may ask of each service; writes are counted with the others. */
type Most = Omit<Counted, "operation" | "tokens" | "writes">;
const PROVISION: Most = { graph: 7, vault: 0, openMetadata: 0 };
const CONSENT: Most = { graph: 5, vault: 0, openMetadata: 0 };
/** Of a client secret: in a process that asks for the server's client id, too, where somebody else's secret is rotated. */
const ROTATION = { graph: 5, vault: 20 };
const IDLE_SECRET: Most = { graph: 1, vault: 2, openMetadata: 0 };

describe.each(WORLDS)("with OpenMetadata $release", (world) => {
  let counted: Counted[];
  const of = (operation: string): Counted => {
    const found = counted.find((one) => one.operation.startsWith(operation));
    if (!found) throw new Error(`"${operation}" was not counted`);
    return found;
  };
  const most = ({ graph, vault, openMetadata }: Counted): Most => ({ graph, vault, openMetadata });

  beforeAll(async () => {
    counted = await countOf(world, { certificate, main: inject("main") }, () => {});
  }, 120_000);

  it("provisioning and consent ask Graph for as much as ever", () => {
    expect(most(of("provision, empty tenant"))).toEqual(PROVISION);
    expect(most(of("consent, right after it"))).toEqual(CONSENT);
    expect(of("provision, nothing to do")).toMatchObject({ graph: 4, writes: 0 });
    expect(of("consent, nothing to do")).toMatchObject({ graph: 3, writes: 0 });
  });

  it("provisioning, consent and the first rotation of a secret ask Graph for 16 things, of each further one for 4", () => {
    const secrets = world.looks.filter((one) => one !== "bot-token").length;
    expect(of("first rotation of all credentials").graph).toBe(4 * secrets);
    expect(PROVISION.graph + CONSENT.graph + 4).toBe(16);
  });

  it("a rotation of a client secret asks Graph at most 5 times from due to delivered, and the vault at most 20 times", () => {
    const secrets = world.rotated.filter((credential) => credential !== "bot-token");
    for (const credential of secrets) {
      const { graph, vault } = of(`${credential}: rotation`);
      expect(graph, credential).toBeLessThanOrEqual(ROTATION.graph);
      expect(vault, credential).toBeLessThanOrEqual(ROTATION.vault);
    }
  });

  it("the daily sign-in with a secret in use costs two more requests to the vault than an idle look, and none to Graph", () => {
    const used = world.rotated.filter((credential) => credential !== "bot-token");
    for (const credential of used) expect(of(`${credential}: first look of the day`).vault, credential).toBe(4);
  });

  it("an idle look at a client secret that is in use asks Graph once, the vault twice and OpenMetadata nothing", () => {
    const used = world.rotated.filter((credential) => credential !== "bot-token");
    for (const credential of used) expect(most(of(`${credential}: idle look`)), credential).toEqual(IDLE_SECRET);
  });

  it("a look while readers of the vault have their time for a new secret asks for no more than that", () => {
    for (const credential of world.looks.filter((one) => one !== "bot-token")) {
      expect(of(`${credential}: look in the first day`), credential).toMatchObject({ ...IDLE_SECRET, writes: 0 });
    }
  });

  it("an idle look at any credential asks the vault at most three times, Graph once, OpenMetadata twice, and writes nothing", () => {
    for (const credential of world.looks) {
      const look = of(`${credential}: idle look`);
      expect(look.vault, credential).toBeLessThanOrEqual(3);
      expect(look.graph, credential).toBeLessThanOrEqual(1);
      // The release, and the bot with its token: two requests where the bot has one.
      expect(look.openMetadata, credential).toBeLessThanOrEqual(2);
      expect({ tokens: look.tokens, writes: look.writes }, credential).toEqual({ tokens: 0, writes: 0 });
    }
  });
});
