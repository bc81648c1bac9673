import { beforeAll, describe, expect, it } from "vitest";
import { amid, refuses } from "../../proof/strikes/strike.ts";
import { anew, DAY, openApp, SECRET } from "./app.ts";
import { runTimer } from "./trouble.ts";

interface Told {
  history?: {
    events: { kind: string; on: string; keyId?: string; because?: string; exact?: boolean }[];
    unread: { credential: string; code: string }[];
  };
}

describe("GET /api/status?history=true", () => {
  const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });
  const status = async (query: string) => {
    const { body } = await app().call("GET", `status?${query}`);
    return (body.deployments as Told[])[0];
  };
  let first: string | undefined;
  beforeAll(async () => {
    await app().settle();
    first = app().latest()?.tags.keyId;
    await app().clock.advance(DAY);
    await app().post("rotate", { because: anew(app()) });
    await app().clock.advance(10 * DAY);
    await runTimer(app());
  });

  it("tells what happened to both secrets, and that the old one is gone", async () => {
    const { events = [], unread } = (await status("deployment=openmetadata&history=true"))?.history ?? {};
    const second = app().latest()?.tags.keyId;
    expect(unread).toEqual([]);
    expect(events.filter(({ keyId }) => keyId === second).map(({ kind }) => kind)).toEqual([
      "checked",
      "confirmed",
      "delivered",
      "promoted",
      "proven",
      "issued",
    ]);
    expect(events.find(({ kind, keyId }) => kind === "issued" && keyId === second)?.because).toMatch(/^leaver /);
    expect(events.filter(({ keyId }) => keyId === first).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["retired", "delivered", "promoted", "issued"]),
    );
    const dates = events.map(({ on }) => on);
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  it("asks the vault for two lists, of which nobody asks otherwise", async () => {
    const lists = () => app().exchanges.filter(({ path }) => /\/versions\?/.test(path)).length;
    app().mark();
    expect((await status("deployment=openmetadata"))?.history).toBeUndefined();
    const usual = lists();
    app().mark();
    await status("deployment=openmetadata&history=true");
    expect(lists() - usual).toBe(2);
  });

  it("says what it could not read, and tells the rest", async () => {
    const strike = refuses({ service: "key-vault", path: new RegExp(`/secrets/${SECRET}/versions`) });
    const told = await amid(app(), strike, () => status("history=true"));
    expect(told?.history?.unread).toMatchObject([
      { credential: "ingestion-client-secret", code: expect.stringMatching(/^vault-/) },
    ]);
    expect(told?.history?.events).toEqual([]);
  });

  it("refuses what says neither yes nor no", async () => {
    const { status: code, body } = await app().call("GET", "status?history=perhaps");
    expect([code, body.code]).toEqual([400, "query-invalid"]);
  });

  it("stands on the page too, where it is asked for", async () => {
    const page = async (query: string) => {
      const token = await app().cloud.callerToken(["Automation.Read"]);
      const answer = await fetch(`${app().host.url}/api/page?${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.text();
    };
    expect(await page("deployment=openmetadata")).toContain('href="page?deployment=openmetadata&amp;history=true"');
    const all = await page("deployment=openmetadata&history=true");
    expect(all).toContain("Retired, then or later");
    expect(all).toContain("because somebody asked: leaver");
  });
});
