import { beforeEach, describe, expect, it, vi } from "vitest";

type Content = { kind: "unchanged" } | { kind: "read"; json: unknown; etag: string };

/** The blob with the list, and who asked for it with which etag. */
const scene = vi.hoisted(() => ({
  now: 0,
  content: (): unknown => undefined,
  asked: [] as unknown[],
  source: {} as unknown,
}));
vi.mock("../../shared/world/clock.ts", () => ({ clock: { now: () => new Date(scene.now) } }));
vi.mock("../../shared/world/settings.ts", () => ({ settings: () => ({ source: scene.source }) }));
vi.mock("../../shared/world/connections.ts", () => ({
  connections: () => ({ own: () => ({ tokenFor: async (scope: string) => `token for ${scope}` }) }),
}));
vi.mock("../../shared/clients/blob/blob.ts", () => ({
  STORAGE_SCOPE: "storage",
  readBlob: async (...asked: unknown[]) => {
    scene.asked.push(asked);
    return scene.content();
  },
}));

const read = (etag: string, ...names: string[]): Content => ({
  kind: "read",
  etag,
  json: names.map((name) => ({ name, openMetadataUrl: `https://${name}.example.com` })),
});
const BLOB = "https://sa.blob.core.windows.net/c/deployments.json";
const TOKEN = "token for storage";
const SECONDS = 1_000;

/** Asks for the list in a process that has just been started, each time after so many seconds with the blob like this. */
async function looks(...times: [seconds: number, content: () => Content | Promise<never>][]) {
  vi.resetModules();
  const { fleet } = await import("../../shared/world/fleet.ts");
  const found: { names: string[]; faults: string[] }[] = [];
  for (const [seconds, content] of times) {
    scene.now += seconds * SECONDS;
    scene.content = content;
    const { deployments, faults } = await fleet();
    found.push({ names: deployments.map(({ name }) => name), faults });
  }
  return found;
}
const names = (found: Awaited<ReturnType<typeof looks>>) => found.map((one) => one.names.join());
const fails = (message: string) => (): never => {
  throw new Error(message);
};

beforeEach(() => {
  Object.assign(scene, { now: Date.parse("2031-03-03T12:00:00Z"), asked: [], source: { kind: "blob", url: BLOB } });
});

describe("the list of deployments", () => {
  it("of the settings is taken as it is", async () => {
    scene.source = { kind: "given", deployments: [{ name: "given" }], faults: ["a fault"] };
    expect(await looks([0, fails("nobody asks")])).toEqual([{ names: ["given"], faults: ["a fault"] }]);
    expect(scene.asked).toEqual([]);
  });

  it("of a blob is asked for once a minute, and read only when it has changed", async () => {
    const found = await looks(
      [0, () => read("1", "blue")],
      [59.999, fails("nobody asks")],
      [0.001, () => ({ kind: "unchanged" })],
      [59.999, fails("nobody asks")],
      [0.001, () => read("2", "red", "green")],
    );
    expect(names(found)).toEqual(["blue", "blue", "blue", "blue", "red,green"]);
    expect(scene.asked).toEqual([
      [BLOB, TOKEN, undefined],
      [BLOB, TOKEN, "1"],
      [BLOB, TOKEN, "1"],
    ]);
  });

  it("is asked for once a minute while that fails, too: a blob that hangs holds up one run, and not each", async () => {
    const down = fails("storage is down");
    const found = await looks([0, () => read("1", "blue")], [60, down], [59, fails("nobody asks")], [1, down]);
    expect(scene.asked).toHaveLength(3);
    expect(found.slice(1).map(({ faults }) => faults)).toEqual(
      Array(3).fill([expect.stringContaining("storage is down")]),
    );
  });

  it("is asked for once by all who want it at the same moment", async () => {
    vi.resetModules();
    const { fleet } = await import("../../shared/world/fleet.ts");
    scene.content = () => read("1", "blue");
    await Promise.all([fleet(), fleet(), fleet()]);
    expect(scene.asked).toHaveLength(1);
  });

  it("says with a failure what to do about it", async () => {
    const refused = async (): Promise<never> => {
      const { UpstreamError } = await import("../../shared/errors.ts");
      throw new UpstreamError("Storage answered 403", { service: "Storage", status: 403 });
    };
    const [, second] = await looks([0, () => read("1", "blue")], [60, refused]);
    expect(second?.faults).toEqual([
      expect.stringMatching(/Storage answered 403\. Give the identity the roles .* Reader/),
    ]);
  });

  it("is asked for anew where the clock was set back", async () => {
    expect(names(await looks([0, () => read("1", "blue")], [-10, () => read("2", "red")]))).toEqual(["blue", "red"]);
  });

  it.each([
    ["cannot be read", fails("storage is down"), "storage is down"],
    ["is no list any more", () => ({ kind: "read", etag: "2", json: {} }) as const, "must be a JSON list"],
    ["names nobody who can be served", () => read("2"), "must name at least one deployment"],
  ])("that %s leaves the one before in use, and says so once, for as long as it is so", async (_, bad, fault) => {
    const found = await looks(
      [0, () => ({ ...read("1", "blue"), json: [...(read("1", "blue") as { json: object[] }).json, {}] }) as Content],
      [60, bad],
      [60, bad],
      [60, () => read("3", "red")],
    );
    expect(names(found)).toEqual(["blue", "blue", "blue", "red"]);
    const wrong = expect.stringContaining("DEPLOYMENTS_BLOB[1]");
    const [first, second, third, last] = found.map(({ faults }) => faults);
    expect(first).toEqual([wrong]);
    const stays = expect.stringMatching(`^the list could not be read, so the previous one stays in use: .*${fault}`);
    for (const faults of [second, third]) expect(faults).toEqual([wrong, stays]);
    expect(last).toEqual([]);
  });

  it.each([
    ["cannot be read", fails("storage is down"), "storage is down"],
    ["is no list", () => ({ kind: "read", etag: "1", json: {} }) as const, "must be a JSON list"],
    ["is said to be unchanged", () => ({ kind: "unchanged" }) as const, "must be JSON"],
  ])("that %s at first is an error", async (_, bad, message) => {
    await expect(looks([0, bad])).rejects.toThrow(message);
  });
});
