import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../../shared/errors.ts";
import { BOT_TOKEN_CACHE, DELIVERY_LEFT, SECOND } from "../../../shared/limits.ts";
import type { Redeployed, Redeployment } from "../../../shared/rotation/bot-token/ports.ts";
import { botToken } from "../../../shared/rotation/bot-token/rotate.ts";
import type { Order } from "../../../shared/rotation/order.ts";
import type { Notebook } from "../../../shared/rotation/progress.ts";
import { ask, held, on, policy, stored } from "./planned.ts";
import { down, type Surroundings, surroundings } from "./ports.ts";

const NAME = "openmetadata-bot-token";
const undelivered = { deliveredOn: undefined, confirmedOn: undefined };
const vault = (change: Parameters<typeof stored>[0]) => ({ ...stored(change), nonce: "", userId: "bot" });

function run(world: Surroundings, change: Partial<Order> = {}) {
  const now = world.ports.now();
  const endsOn = new Date(now.getTime() + 600 * SECOND);
  return botToken(world.ports).rotate({ policy, beganOn: now, endsOn, ...change });
}
const asked = { ask: ask("2026-01-02") };

describe("a rotation of a token that cannot go on says what stands in the way, and what to do", () => {
  const jwtOrSso =
    'Set BOT_CREDENTIAL to "jwt" if the bot uses a token issued by OpenMetadata (1.3 and later), or to "sso" if it signs in with Azure SSO';
  const command = (secret: string) =>
    `read -rs TOKEN && printf %s "$TOKEN" | az keyvault secret set --vault-name openmetadata-kv --name ${secret} --file /dev/stdin --encoding utf-8 --output none`;
  const instead = "Store the token of another administrator's bot in the vault secret";
  const asTheBot =
    'Cannot issue a token for bot "ingestion-bot": the app itself signs in to OpenMetadata as this bot, so it would lock itself out';
  const told: [what: string, prepare: (world: Surroundings) => void, failure: object][] = [
    [
      "there is no such bot",
      (world) => {
        world.bot = undefined;
      },
      {
        code: "bot-missing",
        message: `Cannot rotate "${NAME}": OpenMetadata has no bot "ingestion-bot", or the bot has no user`,
        hint: "Set BOT_NAME to the name of an existing bot",
      },
    ],
    [
      "its user cannot hold one",
      (world) => void world.failures.push(["held", down(400)]),
      {
        code: "bot-user-conflict",
        message: `Cannot rotate "${NAME}": the user of bot "ingestion-bot" cannot hold a token: OpenMetadata answered 400`,
        hint: "Check in Settings > Bots which user the bot has, and give it a user that is a bot, or correct BOT_NAME",
      },
    ],
    [
      "the server refuses the app",
      (world) => {
        world.failures.push(["held", down(403)]);
        world.shutOut = "no administrator";
      },
      { code: "openmetadata-forbidden", message: 'Cannot read the token of bot "ingestion-bot": no administrator' },
    ],
    [
      "the server does not know the app",
      (world) => {
        world.bot = undefined;
        world.shutOut = "it knows nobody";
      },
      { code: "openmetadata-forbidden", message: `Cannot rotate "${NAME}": it knows nobody` },
    ],
    [
      "the app may not issue one",
      (world) => {
        world.shutOut = "no administrator";
      },
      { message: 'Cannot issue a token for bot "ingestion-bot": no administrator' },
    ],
    [
      "the release tells nothing",
      (world) => {
        const unknown = { kind: "refused", code: "openmetadata-version-unknown", because: "it tells none" } as const;
        world.ports.choose = async () => unknown;
      },
      {
        code: "openmetadata-version-unknown",
        message: `Cannot rotate "${NAME}": it tells none`,
        hint: jwtOrSso,
      },
    ],
    [
      "the release went back",
      (world) => {
        world.ports.choose = async () => ({ kind: "sso", because: "it is 1.2" });
      },
      {
        code: "openmetadata-release-lower",
        message: `Cannot rotate "${NAME}": it is 1.2, but bot "ingestion-bot" has had a token, which only 1.3 and later issue`,
      },
    ],
    [
      "the app is the bot, by a token whose secret is named",
      (world) => {
        world.own = "bot";
        world.ports.ownTokenSecret = "own-token";
      },
      {
        code: "app-signs-in-as-bot",
        message: asTheBot,
        hint: `${instead} "own-token"; this asks for it:\n${command("own-token")}`,
      },
    ],
    [
      "the app is the bot, by one of which nothing is known",
      (world) => {
        world.own = "bot";
      },
      { message: asTheBot, hint: `${instead} that OPENMETADATA_TOKEN_SECRET names` },
    ],
    [
      "a deleted secret has the name",
      (world) => {
        world.current = undefined;
        world.users.set("bot", { ...held({ keyId: undefined }), token: undefined });
        world.ports.current.isDeleted = async () => true;
      },
      {
        code: "vault-secret-deleted",
        message: `Cannot issue a token for bot "ingestion-bot": the vault still holds a deleted secret "${NAME}"`,
        hint: `Recover the secret, or purge it, then call again:\naz keyvault secret recover --vault-name openmetadata-kv --name ${NAME}`,
      },
    ],
    [
      "the server issued none",
      (world) => {
        world.ports.tokens.generate = async () => undefined;
      },
      {
        code: "openmetadata-kept-old",
        message: 'Cannot issue a token for bot "ingestion-bot": OpenMetadata reported success but issued no new token',
        service: "OpenMetadata",
        status: 200,
      },
    ],
    [
      "the server takes it for somebody else's",
      (world) => {
        world.ports.whoAmI = async (token) => ({ id: token === undefined ? "admin" : "x", name: "stranger" });
      },
      {
        code: "bot-sign-in-failed",
        message: 'Cannot deliver the token of bot "ingestion-bot": OpenMetadata maps the token to user "stranger"',
      },
    ],
    [
      "the server goes on rejecting it",
      (world) => {
        const { whoAmI } = world.ports;
        world.ports.whoAmI = async (token) => {
          if (token !== undefined) throw down(401);
          return whoAmI(token);
        };
      },
      {
        code: "bot-sign-in-failed",
        message:
          'Cannot deliver the token of bot "ingestion-bot": OpenMetadata rejects the token that it has just issued',
        service: "OpenMetadata",
        status: 401,
      },
    ],
  ];

  it.each(told)("where %s", async (_, prepare, failure) => {
    const world = surroundings();
    prepare(world);
    await expect(run(world, asked)).rejects.toMatchObject(failure);
  });

  it("and where somebody takes away what was to be stored", async () => {
    const world = surroundings();
    world.current = vault({ ...undelivered, keyId: "older" });
    const { held: look } = world.ports.tokens;
    let looks = 0;
    world.ports.tokens.held = async (userId) => {
      looks += 1;
      const shown = await look(userId);
      return shown && looks > 1 ? { ...shown, keyId: undefined } : shown;
    };
    world.failures.push(["generate", down(503)], ["generate", down(503)], ["generate", down(503)]);
    await run(world).catch(() => undefined);
    const waiting = world.log.find((event) => event.event === "step" && event.state === "waiting");
    expect(waiting?.message).toContain("somebody revoked the bot's token in the meantime");
  });
});

describe("the steps of a token's rotation", () => {
  it("announce and store until when it lasts, for whom and by whose wish", async () => {
    const world = surroundings();
    const given: unknown[] = [];
    const { announce } = world.ports.staged;
    const { store } = world.ports.current;
    world.ports.staged.announce = (...handed) => {
      given.push(handed);
      return announce(...handed);
    };
    world.ports.current.store = (...handed) => {
      given.push(handed);
      return store(...handed);
    };
    await run(world, asked);
    const now = on("2026-01-02");
    const kept = { keyId: "new 1", nonce: "", userId: "bot", issuedOn: now, expiresOn: on("2026-04-01") };
    expect(given).toEqual([
      ["nonce", { on: now, expiresOn: on("2026-04-02") }],
      ["token new 1", { ...kept, asked: { before: now, because: "leaver" } }],
    ]);
    // One that was found is nobody's wish; the vault may refuse what has no end.
    given.length = 0;
    world.users.set("bot", { ...held({ keyId: "found", expiresOn: undefined }), token: "token" });
    await run(world);
    const found = { keyId: "found", issuedOn: on("2026-01-01"), expiresOn: on("2026-04-02"), asked: undefined };
    expect(given).toMatchObject([["token", found]]);
  });

  it("note a delivery and a confirmation each as itself, with nothing left to a message", async () => {
    const world = surroundings();
    const notes: unknown[] = [];
    const { note } = world.ports.current;
    world.ports.current.note = (version, noted) => {
      notes.push(noted);
      return note(version, noted);
    };
    const of: string[] = [];
    const { redeploy } = world.ports;
    world.ports.redeploy = (subject, how) => {
      of.push(how.of);
      return redeploy(subject, how);
    };
    const notebook: Notebook = { left: { of: "v1", from: "a", failed: [], lookOn: on("2026-01-02") } };
    world.current = vault(undelivered);
    await run(world, { notebook });
    world.current = vault({ confirmedOn: undefined });
    await run(world);
    const over = { pushOn: undefined, pushFailed: undefined };
    expect(notes).toStrictEqual([
      { deliveredOn: on("2026-01-02"), ...over },
      { confirmedOn: on("2026-01-02"), ...over },
    ]);
    expect([of, notebook.left]).toEqual([["v1", "v1 again"], undefined]);
  });
});

describe("a delivery that is not over", () => {
  const lookOn = on("2026-01-02T00:05:00");
  const pushOn = new Date(lookOn.getTime() + DELIVERY_LEFT);
  /** A push whose deployment comes to this, and leaves the rest to a message. */
  async function pushing(deploy: () => Promise<Redeployed>, change: Partial<Order> = {}) {
    const world = surroundings();
    world.current = vault(undelivered);
    const notebook: Notebook = { ...change.notebook };
    world.ports.redeploy = (_, how: Redeployment) => {
      world.told.push("deploy");
      notebook.left = { of: how.of, from: "a", failed: [], lookOn };
      return deploy();
    };
    const came = await run(world, { ...change, notebook }).catch((error: unknown) => error);
    return { came, world, left: notebook.left };
  }
  const late: Redeployed = { kind: "waiting", code: "out-of-time", because: "12 are left", lookOn };

  it("is left to the message that goes on with it, and that is noted", async () => {
    const { came, world, left } = await pushing(async () => late);
    expect(came).toMatchObject({ converged: false, waitingFor: "12 are left", lookOn });
    expect(world.current).toMatchObject({ pushOn, pushFailed: false });
    expect(left?.noted).toBe(pushOn.toISOString());
  });

  it("is not over for another run either, which leaves it to that message", async () => {
    const world = surroundings();
    world.current = vault({ ...undelivered, pushOn });
    expect(await run(world)).toMatchObject({ steps: [], converged: false, later: [{ kind: "push", on: pushOn }, {}] });
    expect(world.told).not.toContain("deploy");
  });

  it("tells no moment where it may go on at once", async () => {
    const { lookOn: _, ...soon } = late;
    expect((await pushing(async () => soon)).came).not.toHaveProperty("lookOn");
  });

  it("is left so too where pipelines failed, and to nobody where something else did", async () => {
    const facts = { service: "OpenMetadata", status: 200, code: "pipelines-not-deployed" } as const;
    const failure = new UpstreamError("1 of 2 was not deployed", facts);
    const failed = await pushing(() => Promise.reject(failure));
    expect(failed.came).toBe(failure);
    expect(failed.world.current).toMatchObject({ pushOn, pushFailed: true });
    const refused = await pushing(() => Promise.reject(down(403)));
    expect(refused.world.current).not.toHaveProperty("pushOn");
  });

  it("deploys at once what fails for the first time, and later what has failed before", async () => {
    const tries = async (of: string, failed: { id: string; times: number }[]) => {
      const world = surroundings();
      world.current = vault({ ...undelivered, pushOn });
      for (let times = 0; times < 9; times += 1) world.failures.push(["deploy", down(503)]);
      const notebook: Notebook = { told: { of, from: "a", failed, noted: pushOn.toISOString() } };
      await run(world, { notebook, called: true }).catch(() => undefined);
      return world.told.filter((one) => one === "deploy").length;
    };
    const one = [{ id: "a", times: 1 }];
    expect([await tries("v1", []), await tries("v1", one), await tries("v1 again", one)]).toEqual([3, 1, 3]);
  });

  it("shows the token to the server but once more where a message goes on with it", async () => {
    const rejected = async (briefly: boolean) => {
      const world = surroundings();
      world.current = vault(undelivered);
      world.ports.whoAmI = async () => {
        world.told.push("who");
        throw down(401);
      };
      const came = await run(world, { briefly }).catch((error: Error) => error.message);
      return { came, times: world.told.filter((one) => one === "who").length };
    };
    expect(await rejected(true)).toMatchObject({
      came: {
        converged: false,
        waitingFor: "OpenMetadata still caches the previous token (up to 2 minutes)",
        steps: [{ kind: "push", state: "waiting", code: "token-cache-pending" }],
      },
      times: 2,
    });
    expect((await rejected(false)).times).toBe((BOT_TOKEN_CACHE + 30 * SECOND) / (10 * SECOND) + 1);
  });
});
