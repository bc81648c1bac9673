import { describe, expect, it } from "vitest";
import type { Ports } from "../../../shared/rotation/client-secret/ports.ts";
import { clientSecret } from "../../../shared/rotation/client-secret/rotate.ts";

const kind = "server-client-secret";

describe("a secret whose push restarts a server", () => {
  it("is pushed by runs alone: an event at the same time would restart it twice", () => {
    expect(clientSecret(kind, {} as Ports, { byEvent: false }).deliver).toBeUndefined();
    expect(clientSecret(kind, {} as Ports).deliver).toBeTypeOf("function");
  });
});
