import { describe, expect, it } from "vitest";
import { amid, answers } from "../../proof/strikes/strike.ts";
import { openApp } from "./app.ts";

describe("a service that wants to be left alone", () => {
  const app = openApp();

  it("is left alone by the proof of a secret: Entra is asked again no sooner than it said", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    const signIns: Date[] = [];
    app().cloud.wire.onExchange.push(({ service, path }) => {
      if (service === "entra" && /oauth2\/v2.0\/token/.test(path)) signIns.push(app().clock.now());
    });
    const busy = answers(
      { service: "entra", path: /oauth2\/v2.0\/token/, times: 1 },
      { status: 429, headers: { "retry-after": "8" } },
    );
    await amid(app(), busy, () => app().call("POST", "rotate", {}));
    const [first, second, third] = signIns.map((on) => on.getTime());
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(8_000);
    expect((third ?? 0) - (second ?? 0)).toBeLessThan(8_000);
    await app().post("rotate");
  });

  it("names the time to callers: OpenMetadata's is in the answer", async () => {
    const busy = answers({ service: "openmetadata" }, { status: 503, headers: { "retry-after": "120" } });
    const { status, retryAfter } = await amid(app(), busy, () => app().call("POST", "rotate", { because: "leaver" }));
    expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: 120 });
    await app().post("rotate");
  });
});
