import { describe, expect, it } from "vitest";
import { blotted } from "../shared/errors.ts";

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
});
