import { StalledError, UpstreamError } from "../../../shared/errors.ts";
import type { LogEvent } from "../../../shared/log.ts";
import type { KeptToken, Ports, ShownToken } from "../../../shared/rotation/bot-token/ports.ts";
import type { Version } from "../../../shared/rotation/secret-store.ts";
import { held, on, stored } from "./planned.ts";

/** A server with one bot, and a vault, both in memory; what is asked of them is told in order. */
export interface Surroundings {
  ports: Ports;
  told: string[];
  log: LogEvent[];
  /** Users with what they hold, by id. */
  users: Map<string, ShownToken>;
  bot: { userId: string } | undefined;
  current: (Version & { userId?: string | undefined }) | undefined;
  running: string[];
  /** Whom we sign in as. */
  own: string;
  /** What a call to the server comes to instead, by its name in `told`; each is used once, in order. */
  failures: [call: string, failure: Error][];
  /** What the server does not take us for an administrator for. */
  shutOut: string | undefined;
}

export const down = (status = 0): UpstreamError =>
  new UpstreamError(`OpenMetadata answered ${status}`, { service: "OpenMetadata", status });

export function surroundings(): Surroundings {
  const told: string[] = [];
  let time = on("2026-01-02").getTime();
  let issued = 0;
  const failures: Surroundings["failures"] = [];
  const call = async <T>(name: string, work: () => T): Promise<T> => {
    told.push(name);
    const place = failures.findIndex(([failing]) => failing === name);
    if (place !== -1) throw failures.splice(place, 1)[0]?.[1];
    return work();
  };
  const shown = (keyId: string): ShownToken => ({ ...held({ keyId }), token: `token ${keyId}` });
  const world: Surroundings = {
    told,
    log: [],
    users: new Map([["bot", shown("one")]]),
    bot: { userId: "bot" },
    current: { ...stored(), nonce: "", userId: "bot" },
    running: [],
    own: "admin",
    failures,
    shutOut: undefined,
    ports: {
      name: "openmetadata-bot-token",
      botName: "ingestion-bot",
      choose: () => call("version", () => ({ kind: "jwt", because: "it is new" })),
      bot: () => call("bot", () => world.bot),
      tokens: {
        held: (userId) => call("held", () => world.users.get(userId)),
        generate: (userId) =>
          call("generate", () => {
            issued += 1;
            world.users.set(userId, { ...shown(`new ${issued}`), userId });
          }),
        revoke: (userId) =>
          call("revoke", () => {
            world.users.set(userId, { ...shown(""), userId, keyId: undefined, token: undefined });
          }),
      },
      runningPipelines: () => call("running", () => ({ running: world.running, deployed: 0 })),
      admitted: (subject) =>
        call("admitted", () => {
          if (world.shutOut)
            throw new StalledError("openmetadata-forbidden", `${subject}: ${world.shutOut}`, { hint: "let it in" });
        }),
      redeploy: () => call("deploy", () => ({ kind: "deployed", pipelines: 1 })),
      whoAmI: (token) => call("who", () => ({ id: token === undefined ? world.own : "bot", name: "somebody" })),
      current: {
        latest: () => call("latest", () => world.current),
        store: (_token, { keyId, issuedOn, expiresOn, userId }: KeptToken) =>
          call("store", () => {
            const fresh = { deliveredOn: undefined, confirmedOn: undefined };
            world.current = { ...stored({ keyId, issuedOn, expiresOn, ...fresh }), nonce: "", userId, version: keyId };
            return world.current;
          }),
        note: (_version, noted) =>
          call("note", () => {
            if (world.current) world.current = { ...world.current, ...noted };
          }),
        vault: "openmetadata-kv",
        isDeleted: () => call("deleted", () => false),
      },
      staged: { announce: () => call("announce", () => undefined) },
      now: () => new Date(time),
      async wait(milliseconds) {
        told.push(`wait ${milliseconds / 1000}`);
        time += milliseconds;
      },
      nonce: () => "nonce",
      log: (event) => void world.log.push(event),
    },
  };
  return world;
}
