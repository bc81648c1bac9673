import { expect, inject, it } from "vitest";
import { openSetting } from "../journey/setting.ts";

// Not from app/app.ts: loading that trusts a certificate of its own, and TLS cannot tell two of the same name apart.
const START = new Date("2031-03-03T12:00:00Z");

it.skipIf(!process.env.CONTRACTS_DIR)("a planted violation of a published schema fails the run", async () => {
  const setting = await openSetting({ start: START, main: inject("main") });
  try {
    expect(await setting.call("POST", "provision", {})).toMatchObject({ status: 200 });
    expect(setting.cloud.violations()).toEqual([]);
    setting.cloud.wire.faults.push(({ service, method }) =>
      service === "graph" && method === "GET"
        ? {
            kind: "after",
            response: (original) =>
              new Response(JSON.stringify({ planted: true }), { status: original.status, headers: original.headers }),
          }
        : undefined,
    );
    await setting.call("POST", "provision", {});
    expect(setting.cloud.violations().join()).toContain('unknown property "planted"');
  } finally {
    await setting.close();
  }
});
