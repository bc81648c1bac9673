import { describe, expect, it } from "vitest";
import { callerOf, type Permission, requireRole } from "../../shared/triggers/caller.ts";

const caller = (...roles: string[]) => ({ roles, audience: "api-1", oid: "oid-1", appId: "app-1" });
const asks = (needs: Permission, ...roles: string[]) => {
  try {
    requireRole(caller(...roles), needs);
    return "let in";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("a caller", () => {
  it.each<[needs: Permission, role: string, answer: string]>([
    ["Automation.Run", "Automation.Run", "let in"],
    ["Automation.Run", "Automation.Read", "caller-role-missing"],
    ["Automation.Read", "Automation.Read", "let in"],
    ["Automation.Read", "Automation.Run", "let in"],
    ["Automation.Read", "automation.read", "caller-role-missing"],
    ["Automation.Read", "Automation", "caller-role-missing"],
  ])("of what needs %s with %s: %s", (needs, role, answer) => {
    expect(asks(needs, role)).toBe(answer);
    expect(asks(needs)).toBe("caller-role-missing");
  });

  it.each<[needs: Permission, oid: string, command: string]>([
    ["Automation.Read", "oid-1", "npm run permit -- --api api-1 --reader oid-1"],
    ["Automation.Run", "oid-1", "npm run permit -- --api api-1 --runner oid-1"],
  ])("that lacks %s (object id: %s) is told the command that gives the role", (needs, oid, command) => {
    expect(() => requireRole({ ...caller(), oid }, needs)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`the caller lacks the app role "${needs}"`),
        hint: expect.stringContaining(`\n${command}`),
      }),
    );
  });

  it("that has no object id is told no command", () => {
    expect(() => requireRole({ ...caller(), oid: undefined }, "Automation.Run")).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/Users and groups\)\.$/) }),
    );
  });

  it("is whom the verified token names", async () => {
    const verify = async (token: string) => (token === "a.b-c_d" ? caller("Automation.Read") : undefined);
    const about = { verify, audience: "api-1" };
    expect(await callerOf("bearer a.b-c_d", about)).toEqual(caller("Automation.Read"));
    await expect(callerOf("Bearer other", about)).rejects.toMatchObject({ code: "caller-unknown" });
  });

  it.each([null, "", "Basic abc", "Bearer", "Bearer ", "Bearer a b", "xBearer token", "Bearer tok\ten"])(
    "with %j for a token is nobody, and the token is not even verified",
    async (authorization) => {
      const verify = () => Promise.reject(new Error("It was verified"));
      const asked = callerOf(authorization, { verify, audience: "api-1" });
      await expect(asked).rejects.toMatchObject({
        code: "caller-unknown",
        message: expect.stringContaining("no valid bearer token"),
        hint: expect.stringContaining("--scope 'api://api-1/.default'"),
      });
    },
  );
});
