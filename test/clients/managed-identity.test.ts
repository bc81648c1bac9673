import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { installClock } from "../../local/clock.ts";
import { managedIdentity } from "../../shared/clients/entra/managed-identity.ts";
import { HOUR, type IdentityWorld, startIdentity } from "../local/identity-world.ts";
import { PATIENTLY } from "../patiently.ts";

const SCOPE = "https://vault.azure.net/.default";

let world: IdentityWorld;
let uninstall: () => void;
// Microsoft's credential remembers for the whole process where the endpoint is.
beforeAll(async () => {
  world = await startIdentity();
  uninstall = installClock(world.clock, { virtualWaits: false });
});
afterAll(async () => {
  uninstall();
  vi.unstubAllEnvs();
  await world.close();
});

function open() {
  const { clientId } = world.directory.createManagedIdentity({ displayName: "app", graphPermissions: [] });
  world.directory.registerResource("https://vault.azure.net", { audience: "https://vault.azure.net" });
  const [url, header] = [`${world.identityUrl}/msi/token`, world.entra.identityHeader];
  vi.stubEnv("IDENTITY_ENDPOINT", url);
  vi.stubEnv("IDENTITY_HEADER", header);
  return managedIdentity(clientId, { url, header }, world.clock);
}

it("gives the same token again, and another one once Microsoft's credential has renewed it", async () => {
  const identity = open();
  const first = await identity.getToken(SCOPE);
  const life = Number(first?.expiresOnTimestamp) - world.clock.now().getTime();
  await world.clock.advance(life / 2 - HOUR);
  expect(await identity.getToken(SCOPE)).toBe(first);
  await world.clock.advance(2 * HOUR);
  // It renews beside, and gives for as long what it has.
  await expect.poll(async () => (await identity.getToken(SCOPE))?.token, PATIENTLY).not.toBe(first?.token);
  expect((await identity.getToken("https://graph.microsoft.com/.default"))?.token).not.toBe(first?.token);
});

it("gives nobody a token any more that was exchanged because a service refused it", async () => {
  const identity = open();
  const refused = await identity.getToken(SCOPE);
  const another = await identity.getToken(SCOPE, { claims: "{}" });
  expect(another?.token).not.toBe(refused?.token);
  expect(await identity.getToken(SCOPE)).toBe(another);
});
