import { describe, expect, it } from "vitest";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import { type App, MINUTE, openApp } from "./app.ts";
import { runTimer } from "./trouble.ts";

const OPENMETADATA = { service: "openmetadata" } as const;
const down = () => refuses(OPENMETADATA);
const QUIET = { ROTATION_SCHEDULE: "0 0 11 * * MON" };

interface Step {
  credential: string;
  kind: string;
  state: string;
  code?: string;
}
const walked = (steps: unknown, credential: string) =>
  (steps as Step[])
    .filter((step) => step.credential === credential)
    .map(({ kind, state, code }) => `${kind} ${code ?? state}`);
const FIRST = ["issue done", "prove done", "promote done", "push openmetadata-not-up"];

const rotate = (app: App, body: object = {}) => app.call("POST", "rotate", body);

describe.each([
  ["1.12.6", "auth-code", ["ingestion-client-secret", "server-client-secret"]],
  ["1.2.5", "implicit", ["ingestion-client-secret"]],
] as const)("POST /api/rotate before OpenMetadata %s is started (%s)", (release, flow, credentials) => {
  const app = openApp({ release, flow, settings: QUIET });

  it("answers 202 with what is usable, which is proven and in the vault", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    const { status, retryAfter, body } = await amid(app(), down(), () => rotate(app()));
    expect(status).toBe(202);
    expect(retryAfter).toBeGreaterThan(0);
    expect(body).toMatchObject({
      converged: false,
      waitingFor: expect.stringContaining("OpenMetadata does not answer yet"),
    });
    const { credentials: told } = body.result as { credentials: Record<string, string>[] };
    // From 1.3 on the bot reads its token itself, so ingestion's client secret is for readers of the vault.
    for (const credential of credentials) {
      const secret = app().latest(`openmetadata-${credential}`);
      const found = told.find((one) => one.credential === credential);
      expect(found).toMatchObject({ version: secret?.version, provenOn: expect.any(String) });
      expect(JSON.stringify(body)).not.toContain(secret?.value);
    }
    expect(walked(body.steps, credentials.at(-1) ?? "")).toEqual(FIRST);
  });

  it("says the same when it is repeated, issues nothing more", async () => {
    const issued = () =>
      app()
        .cloud.directory.applications()
        .flatMap(({ secrets }) => secrets).length;
    const before = issued();
    const { status, body } = await amid(app(), answers(OPENMETADATA, { status: 503, body: "starting" }), () =>
      rotate(app()),
    );
    expect(status).toBe(202);
    expect(walked(body.steps, credentials.at(-1) ?? "")).toEqual(["push openmetadata-not-up"]);
    expect(issued()).toBe(before);
  });

  it("ends well once the server answers, and from then on its silence is a failure", async () => {
    await app().post("rotate");
    for (const credential of credentials) {
      await rotate(app(), { credential, because: "leaver" });
    }
    const again = await amid(app(), down(), () =>
      rotate(app(), { credential: credentials.at(-1) ?? "", because: "another leaver" }),
    );
    expect(again).toMatchObject({ status: 503, body: { code: "openmetadata-unreachable" } });
  });
});

describe("POST /api/rotate of the bot's token alone", () => {
  const app = openApp({ release: "1.12.6", settings: QUIET });

  it("waits for the server too", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    const { status, body } = await amid(app(), down(), () => rotate(app(), { credential: "bot-token" }));
    expect(status).toBe(202);
    expect(body).toMatchObject({
      steps: [],
      waitingFor: expect.stringContaining("OpenMetadata does not answer yet"),
      result: { credentials: [{ credential: "bot-token" }] },
    });
  });
});

describe("what answers the vault's event, before OpenMetadata is started", () => {
  const app = openApp({ release: "1.2.5", settings: QUIET });

  it("fails, so that a wrong address shows", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    await amid(app(), down(), async () => {
      await runTimer(app());
      await app().clock.advance(MINUTE);
    });
    expect(app().latest()).toBeDefined();
    const failed = app().log.filter(({ message }) =>
      /^Executed 'Functions\.push-client-secret' \(Failed/.test(message),
    );
    expect(failed).not.toEqual([]);
  });
});
