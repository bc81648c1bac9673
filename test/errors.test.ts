import { describe, expect, it } from "vitest";
import {
  blotted,
  CallerError,
  ContinuableError,
  codeOf,
  InputError,
  NotYetError,
  quoted,
  type Service,
  SettingsError,
  StalledError,
  UpstreamError,
  withoutControls,
} from "../shared/errors.ts";

const HEAD = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";
const ours = `${HEAD}.eyJzdWIiOiJ1cyJ9.b3VycyBvdXJzIG91cnM`;
const theirs = `${HEAD}.eyJzdWIiOiJ0aGVtIn0.dGhlaXJzIHRoZWlycw`;
const secret = "abc8Q~defghijklmnopqrstuvwxyz0123456789x";

describe("blotted()", () => {
  it("leaves alone what is no secret", () => {
    expect(blotted("Cannot push: 401 of ingestion-bot", [secret])).toBe("Cannot push: 401 of ingestion-bot");
  });

  it("hides what looks like a token or a client secret, whole or cut off", () => {
    expect(blotted(`Bearer ${ours}, ${secret}, ${secret.slice(0, 9)}`)).toBe("Bearer ***, ***, ***");
    expect(blotted(`at ${ours.slice(0, 20)}`)).toBe("at ***");
  });

  it("hides every piece of what is known, from eight characters on", () => {
    expect(blotted(`...${secret.slice(20)}`, [secret])).toBe(`...${"*".repeat(20)}`);
    expect(blotted(secret.slice(20, 28), [secret])).toBe("********");
    expect(blotted(secret.slice(20, 27), [secret])).toBe(secret.slice(20, 27));
  });

  it("hides a token that is not known beside one that is, though both begin alike", () => {
    expect(blotted(`${ours} is not ${theirs}`, [ours])).toBe("*** is not ***");
  });

  it("hides what overlaps, and what stands there twice", () => {
    const piece = secret.slice(20, 30);
    expect(blotted(`${piece} and ${piece}.`, ["short", secret])).toBe(`${"*".repeat(10)} and ${"*".repeat(10)}.`);
    expect(blotted("12345678", ["12345678"])).toBe("********");
    expect(blotted("aaaaaaaaab", ["aaaaaaaa"])).toBe("*********b");
  });
});

describe("a text that a caller has sent", () => {
  it("is repeated in quotes, cut after sixty characters, and with no secret", () => {
    expect(quoted('say "hi"')).toBe('"say \\"hi\\""');
    expect(quoted("x".repeat(60))).toBe(`"${"x".repeat(60)}"`);
    expect(quoted("x".repeat(61))).toBe(`"${"x".repeat(60)}…"`);
    expect(quoted(secret)).toBe('"***"');
  });

  it("stays on one line, whatever a reader takes for the end of one", () => {
    expect(quoted("a\nb\u2028c\u0085d\u007f")).toBe('"a\\nb\\u2028c\\u0085d\\u007f"');
    expect(withoutControls("\u009f\u00a0\u2029")).toBe("\\u009f\u00a0\\u2029");
  });
});

describe("errors", () => {
  const hint = "do so";

  it("have a name, by which a log shows them", () => {
    const upstream = { service: "Entra", status: 500 } as const;
    const all = [
      new SettingsError(["A is missing", "B is wrong"]),
      new UpstreamError("down", upstream),
      new StalledError("bot-missing", "stalled", { hint }),
      new InputError("body-invalid", "input", { hint }),
      new CallerError("caller-unknown", "caller", { hint }),
      new NotYetError("proof-pending", "not yet", { retryAfterSeconds: 7 }),
      new ContinuableError(new Error("why"), "2026-01-01T00:00:00Z"),
    ];
    expect(all.map(String)).toEqual([
      "SettingsError: Cannot start: A is missing; B is wrong",
      "UpstreamError: down",
      "StalledError: stalled",
      "InputError: input",
      "CallerError: caller",
      "NotYetError: not yet",
      "ContinuableError: why",
    ]);
    expect(all.map(codeOf)).toEqual([
      "settings-invalid",
      "entra-unavailable",
      "bot-missing",
      "body-invalid",
      "caller-unknown",
      "proof-pending",
      "internal-error",
    ]);
  });

  it("of a service tell no secret, and how long it wants to be left alone", () => {
    const told = new UpstreamError(secret, {
      service: "Entra",
      status: 429,
      serviceCode: secret,
      retryAfterSeconds: 3,
    });
    expect(told).toMatchObject({ message: "***", serviceCode: "***", retryAfterSeconds: 3, status: 429 });
    const silent = new UpstreamError("down", { service: "Entra", status: 0 });
    expect([silent.serviceCode, silent.retryAfterSeconds]).toEqual([undefined, 0]);
  });

  it("of a rotation that was asked for tell what is left, and are told by their cause", () => {
    const cause = new StalledError("vault-forbidden", "no right", { hint });
    expect(new ContinuableError(cause, "2026-01-01T00:00:00Z")).toMatchObject({ cause, left: [] });
    const left = new ContinuableError(cause, "2026-01-01T00:00:00Z", ["key"]);
    expect([left.left, left.issuedBefore, codeOf(left)]).toEqual([["key"], "2026-01-01T00:00:00Z", "vault-forbidden"]);
  });

  it("have a cause only where there is one", () => {
    expect(new StalledError("bot-missing", "x", { hint })).not.toHaveProperty("cause");
    const cause = new Error("why");
    expect(new StalledError("bot-missing", "x", { hint, cause }).cause).toBe(cause);
  });
});

describe("the code of an upstream failure", () => {
  /** By status: no answer, unreadable, refused, forbidden, timed out, throttled, failed. */
  const STATUSES = [0, 200, 400, 403, 408, 429, 503];

  it.each<[Service, what: string]>([
    ["Microsoft Graph", "graph: unreachable unreadable refused forbidden unavailable throttled unavailable"],
    ["Entra", "entra: unreachable unreadable refused refused unavailable unavailable unavailable"],
    ["Key Vault", "vault: unreachable unavailable refused refused unavailable throttled unavailable"],
    ["OpenMetadata", "openmetadata: unreachable unreadable refused refused unavailable unavailable unavailable"],
    ["App Service", "app-service: unreachable unavailable refused refused unavailable unavailable unavailable"],
    ["Storage", "storage: unreachable unavailable refused refused unavailable unavailable unavailable"],
    ["Notification receiver", "receiver: unavailable refused refused refused unavailable unavailable unavailable"],
  ])("of %s tells service and consequence", (service, expected) => {
    const found = STATUSES.map((status) => new UpstreamError("x", { service, status }).code);
    const [prefix, consequences = ""] = expected.split(": ");
    expect(found).toEqual(consequences.split(" ").map((one) => `${prefix}-${one}`));
  });

  it("takes every 5xx for a failure that passes, and every other 4xx for a refusal", () => {
    const codeOfStatus = (status: number) => new UpstreamError("x", { service: "Entra", status }).code;
    expect([500, 599].map(codeOfStatus)).toEqual(["entra-unavailable", "entra-unavailable"]);
    expect([399, 404, 499].map(codeOfStatus)).toEqual(["entra-unreadable", "entra-refused", "entra-refused"]);
  });

  it("tells whether the same request may succeed later", () => {
    const transient = (status: number) => new UpstreamError("x", { service: "OpenMetadata", status }).transient;
    expect([0, 408, 429, 500, 503, 200].map(transient)).toEqual(Array(6).fill(true));
    expect([400, 401, 403, 404, 409].map(transient)).toEqual(Array(5).fill(false));
    expect(new UpstreamError("x", { service: "Entra", status: 401, code: "secret-refused" }).transient).toBe(true);
  });
});
