import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReceivers, RECEIVER_PATHS } from "../../local/cloud/receivers/create-receivers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const receivers = createReceivers();
let server: ReturnType<typeof serve>;
let origin = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server = serve({ fetch: receivers.app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
      origin = `http://127.0.0.1:${port}`;
      resolve();
    });
  });
});
afterAll(() => void server.close());

/** Runs the command as `npm run notify` does. */
function notify(args: string[], NOTIFY_URL?: string): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env.PATH, ...(NOTIFY_URL === undefined ? {} : { NOTIFY_URL }) };
  const child = spawn(process.execPath, ["scripts/run.mjs", "operator/notify/main.ts", ...args], { cwd: root, env });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on("data", (chunk) => out.push(String(chunk)));
  child.stderr.on("data", (chunk) => err.push(String(chunk)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out: out.join(""), err: err.join("") })));
}

describe("npm run notify", () => {
  const all = () => `teams+${origin}${RECEIVER_PATHS.teams}, slack+${origin}${RECEIVER_PATHS.slack}`;

  it("sends a test to each receiver and says that it was taken", async () => {
    const { code, out } = await notify(["--test"], `${all()},${origin}${RECEIVER_PATHS.events}`);
    expect(out).toBe("receiver 1 (teams): taken\nreceiver 2 (slack): taken\nreceiver 3 (cloudevents): taken\n");
    expect(code).toBe(0);
    expect([...receivers.taken("teams"), ...receivers.taken("slack"), ...receivers.taken("events")]).toHaveLength(3);
    expect(receivers.refused()).toEqual([]);
  });

  it("says what one refused, and what is wrong with an address, and shows none", async () => {
    const { code, out, err } = await notify(
      ["--test"],
      `http://example.com/s3cret,slack+${origin}/services/gone/s3cret`,
    );
    expect(out).toBe("receiver 2 (slack): Cannot send a notification: receiver 2 of NOTIFY_URL (slack) answered 404\n");
    expect(err).toBe("NOTIFY_URL, address 1, must be an https:// URL\n");
    expect(code).toBe(1);
  });

  it("only reads the addresses without --test, and explains itself without any", async () => {
    const before = receivers.taken("slack").length;
    expect(await notify(["--json"], all())).toMatchObject({ code: 0, out: expect.stringContaining('"readable"') });
    expect(receivers.taken("slack")).toHaveLength(before);
    expect(await notify([])).toMatchObject({ code: 2, err: expect.stringContaining("NOTIFY_URL is not set") });
    expect(await notify(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("npm run notify") });
  });
});
