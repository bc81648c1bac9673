import { describe, expect, it } from "vitest";
import { type Known, observe, observePatiently } from "../../../shared/rotation/client-secret/observe.ts";
import type { Holder, Ports, Signed } from "../../../shared/rotation/client-secret/ports.ts";
import { held, issued, next } from "./planned.ts";

const signed = (keyId: string, nonce: string, mark?: string): Signed => ({
  ...issued(keyId, "2026-01-01"),
  nonce,
  mark,
});

/**
 * Looks at a registration with these credentials; `asked` tells of which secrets all versions were read. What the process
 * remembers of its client id is put into `told`.
 */
async function look(
  found: Partial<Holder>,
  { history = {}, madeBy = "own", named = false, told = [] as string[] } = {},
) {
  const asked: string[] = [];
  const store = (name: "current" | "staged", latest: object) => ({
    latest: async () => latest,
    history: async () => {
      asked.push(name);
      return (history as Record<string, object[]>)[name] ?? [];
    },
  });
  const holder: Holder = {
    objectId: "object",
    appId: "client",
    createdOn: new Date(0),
    createdByAppId: madeBy || undefined,
    managed: [],
    unsigned: [],
    others: [],
    foreign: 0,
    ...found,
  };
  const ports = {
    name: "secret",
    registration: named ? { appId: "client" } : { uniqueName: "ours" },
    ownAppId: async () => {
      if (named) throw new Error("Nobody needs to know who we are");
      return "OWN";
    },
    clientId: { tell: (appId: string) => void told.push(appId) },
    credentials: { list: async () => holder },
    current: store("current", { ...held(), nonce: "one" }),
    staged: store("staged", { ...next(), nonce: "two" }),
  } as unknown as Ports;
  const sight = await observe(ports);
  return { own: sight.issued.map(({ keyId }) => keyId), others: sight.holder.others.map(({ keyId }) => keyId), asked };
}

describe("observe() tells whose a credential is", () => {
  it("by its mark, without any further request", async () => {
    const managed = [issued("old", "2026-01-01")];
    const others = [signed("theirs", "x", "0123456789ab")];
    expect(await look({ managed, others })).toEqual({ own: ["old"], others: ["theirs"], asked: [] });
  });

  it("by id and nonce where an earlier release made it and the vault holds it now", async () => {
    const unsigned = [signed("old", "one"), signed("new", "two")];
    expect(await look({ unsigned })).toEqual({ own: ["old", "new"], others: [], asked: [] });
  });

  it("by all versions of the vault where it is older", async () => {
    const unsigned = [signed("before", "zero"), signed("old", "one")];
    const history = {
      current: [
        { keyId: "before", nonce: "zero" },
        { keyId: "old", nonce: "one" },
      ],
    };
    expect(await look({ unsigned }, { history })).toEqual({
      own: ["before", "old"],
      others: [],
      asked: ["current", "staged"],
    });
  });

  it("and takes nothing for its own of which the vault knows only the id, only the nonce, or neither", async () => {
    const unsigned = [signed("old", "another"), signed("another", "one"), signed("theirs", "x")];
    const history = { current: [{ keyId: "old", nonce: "one" }], staged: [{ keyId: "new", nonce: "two" }] };
    expect(await look({ unsigned }, { history })).toMatchObject({ own: [], others: ["old", "another", "theirs"] });
  });
});

describe("observe() takes a registration for ours", () => {
  it("where our identity made it, or an operator named it", async () => {
    const told: string[] = [];
    await expect(look({}, { told })).resolves.toBeDefined();
    expect(told).toEqual(["client"]);
    await expect(look({}, { madeBy: "somebody", named: true })).resolves.toBeDefined();
  });

  it.each([["somebody"], [""]])('not where "%s" made it', async (madeBy) => {
    const told: string[] = [];
    await expect(look({}, { madeBy, told })).rejects.toMatchObject({
      name: "StalledError",
      message: expect.stringMatching(/^Cannot use the registration of "secret" \(client ID client\)/),
      code: "registration-not-ours",
    });
    // Nobody signs in with the client id of a planted one.
    expect(told).toEqual([]);
  });
});

describe("observePatiently()", () => {
  const holder = { objectId: "object", managed: [issued("old", "2026-01-01")] } as unknown as Holder;
  /** Reads as often as is told by `read`; the registration is there from the nth look on. */
  function surroundings({ from = 1, madeLately }: { from?: number; madeLately?: () => boolean } = {}) {
    const read: string[] = [];
    const store = (name: string) => ({
      latest: async () => {
        read.push(name);
        return { ...held(), version: `latest ${name}` };
      },
    });
    let time = 0;
    const ports = {
      name: "secret",
      registration: { appId: "client" },
      clientId: { tell: () => undefined },
      credentials: {
        list: async () => {
          read.push("list");
          const looks = read.filter((one) => one === "list").length;
          return looks < from ? undefined : { ...holder, appId: "client", unsigned: [], others: [] };
        },
      },
      current: store("current"),
      staged: store("staged"),
      ...(madeLately && { madeLately }),
      now: () => new Date(time),
      random: () => 0,
      wait: async (milliseconds: number) => {
        time += milliseconds;
      },
    } as unknown as Ports;
    const look = (known?: Known) => observePatiently(ports, new Date(60_000), known);
    return { look, read };
  }

  it("reads the vault anew where only the list is known, and nothing where both are", async () => {
    const half = surroundings();
    expect(await half.look({ holder, vault: undefined })).toMatchObject({
      issued: holder.managed,
      current: { version: "latest current" },
      staged: { version: "latest staged" },
    });
    expect(half.read).toEqual(["current", "staged"]);
    const whole = surroundings();
    const vault = { current: { ...held(), nonce: "known" }, staged: undefined };
    expect(await whole.look({ holder, vault })).toEqual({ holder, issued: holder.managed, ...vault });
    expect(whole.read).toEqual([]);
  });

  it("waits for a registration that may just have been made, and not where it is known that none was", async () => {
    const read = { current: { version: "latest current" } };
    expect(await surroundings({ from: 2 }).look()).toMatchObject(read);
    expect(await surroundings({ from: 2, madeLately: () => true }).look()).toMatchObject(read);
    const none = surroundings({ from: 2, madeLately: () => false });
    await expect(none.look()).rejects.toMatchObject({
      code: "registration-missing",
      message: 'Cannot rotate "secret": its app registration does not exist',
      hint: "Call POST /api/provision, then POST /api/consent",
    });
    expect(none.read.filter((one) => one === "list")).toHaveLength(1);
  });
});
