import { describe, expect, it } from "vitest";
import type { BotMechanism, BotUser, Ports, User } from "../../shared/delivery/ports.ts";
import { heldAlready, readBack, untouched } from "../../shared/delivery/read-back.ts";

const sso = {
  clientId: "app",
  clientSecret: "value",
  authority: "https://login/tenant",
  scopes: ["api://server/.default"],
};
const holds = (azure: Partial<typeof sso> = {}): BotMechanism => ({
  authType: "SSO",
  ssoServiceType: "azure",
  azure: { ...sso, ...azure },
});
const user = { id: "user-1", name: "object-1", version: 3, description: "d", updatedBy: "admin" } as unknown as User;
const wanted = { name: "object-1", description: "d", sso } as unknown as BotUser;

/** A server that holds this. */
function ports({
  mechanism = holds(),
  bot = { userId: "user-1" } as { userId: string } | null,
  now = user as User | null,
} = {}): Ports {
  return {
    deployment: { botName: "ingestion-bot" },
    openMetadata: {
      bot: async () => bot ?? undefined,
      mechanism: async () => mechanism,
      user: async () => now ?? undefined,
    },
  } as unknown as Ports;
}

describe("what was written", () => {
  const read = (server: Ports) =>
    readBack(server, { subject: "Cannot push", version: "1.2.2", wanted: sso, userId: "user-1" });

  it("is taken for written where the server holds it", async () => {
    expect(await read(ports())).toBeUndefined();
  });

  it.each([
    ["clientId, authority", ports({ mechanism: holds({ clientId: "other", authority: "other" }) })],
    ["botUser", ports({ bot: { userId: "user-2" } })],
    ["botUser", ports({ bot: null })],
    ["clientSecret, botUser", ports({ mechanism: holds({ clientSecret: "old" }), bot: null })],
  ])("is named where the server has not changed it: %s", async (fields, server) => {
    await expect(read(server)).rejects.toMatchObject({
      code: "openmetadata-not-updated",
      message: `Cannot push: OpenMetadata 1.2.2 reported success but did not change ${fields}`,
      hint: expect.stringContaining("Settings > Bots"),
    });
  });
});

describe("a user that was seen", () => {
  const see = (server: Ports) => untouched(server, { wanted: sso, user });

  it("is untouched where it has its version and holds what we want", async () => {
    expect(await see(ports())).toBe(user);
  });

  it.each([
    ["holds another secret", ports({ mechanism: holds({ clientSecret: "other" }) })],
    ["has another version", ports({ now: { ...user, version: 4 } })],
    ["is gone", ports({ now: null })],
  ])("is not where it %s", async (_, server) => {
    expect(await see(server)).toBeUndefined();
  });
});

describe("a bot's user", () => {
  const see = (server: Ports) => heldAlready(server, { wanted, user, administrator: "admin" });

  it("need not be written again where it holds what we want, whoever has written it", async () => {
    const now = { ...user, updatedBy: "somebody" };
    expect(await see(ports({ now }))).toBe(now);
  });

  it.each([
    ["the bot points elsewhere", ports({ bot: { userId: "user-2" } })],
    ["there is no bot", ports({ bot: null })],
    ["it holds another secret", ports({ mechanism: holds({ clientSecret: "other" }) })],
    [
      "its secret is masked, and somebody else wrote it last",
      ports({ mechanism: holds({ clientSecret: "***" }), now: { ...user, updatedBy: "x" } }),
    ],
  ])("must be written where %s", async (_, server) => {
    expect(await see(server)).toBeUndefined();
  });
});
