import { describe, expect, it } from "vitest";
import { FORMATS, render } from "../../shared/configuration/render.ts";
import { type Change, described, facts } from "./described.ts";

const { live } = facts("1.12.3", "implicit");
const callback = "https://om.example.com/callback";
const other = "https://om.example.com/auth/callback";
const registered = (...redirectUris: string[]) => ({ server: { appId: "server", redirectUris } });
const enforcing = { jwtPrincipalClaims: ["azp"], principalDomain: "found.example", enforcePrincipalDomain: true };

/** Deployments of which each is told something else. */
const TOLD: [name: string, version: string, flow: "implicit" | "auth-code", change?: Change][] = [
  ["oldest", "0.13.3", "implicit"],
  ["last-with-sso", "1.2.5", "implicit", { live: enforcing, releaseFrom: "caller" }],
  ["first-with-a-secret", "1.4.4", "auth-code", registered(callback, other)],
  ["names-its-client-type", "1.5.13", "implicit", { live: undefined }],
  ["changes-its-callback", "1.10.14", "auth-code", registered()],
  ["recent", "1.12.3", "auth-code"],
  ["both-callbacks", "1.12.3", "auth-code", registered(callback, other)],
  ["other-callback", "1.12.3", "auth-code", registered(other)],
  ["recent-implicit", "1.12.3", "implicit", { live: { ...enforcing, jwtPrincipalClaims: ["upn", "sub"] } }],
  ["token-from-the-vault", "1.12.3", "implicit", { ownObjectId: undefined, live: enforcing }],
  ["nobody-administers", "1.12.3", "implicit", { deployment: { initialAdmins: [] } }],
  ["default-admin-listed", "1.12.3", "implicit", { deployment: { initialAdmins: ["jane", "Admin@example.com"] } }],
  ["at-a-path", "1.12.3", "auth-code", { deployment: { openMetadataUrl: "https://om.example.com/base" } }],
  ["newest", "2.0.0", "auth-code"],
  ["newest-both-callbacks", "2.0.0", "auth-code", registered(callback, other)],
  ["newest-implicit", "2.0.0", "implicit", { live, deployment: { botCredential: "jwt" } }],
];

const EACH = ["oldest", "last-with-sso", "recent-implicit", "at-a-path", "newest"];

describe("what is rendered, word for word", () => {
  it.each(FORMATS)("for %s", async (format) => {
    // What is said differs by release and facts, not by format: the others say little of it again.
    const wanted = format === "docker" ? TOLD : TOLD.filter(([name]) => EACH.includes(name));
    const all = wanted.map(([name, version, flow, { deployment, ...change } = {}]) =>
      described(version, flow, { ...change, deployment: { name, ...deployment } }),
    );
    // Each change of a word is seen in review; written anew with --update.
    await expect(render(format, all).text).toMatchFileSnapshot(`rendered/${format}.txt`);
  });
});
