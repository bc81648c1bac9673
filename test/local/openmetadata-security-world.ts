import { expect } from "vitest";
import { movableClock } from "../../local/clock.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { type CloudOptions, startCloud } from "../../local/cloud/cloud.ts";

const certificate = await createCertificate();
trustCertificate(certificate);

export const MINUTE = 60 * 1000;
export const SECRET = "/authenticationConfiguration/oidcConfiguration/secret";

/** A cloud whose OpenMetadata signs people in by the authorization-code flow, with a registration that has one secret. */
export async function openServer(options: Partial<CloudOptions> = {}) {
  const clock = movableClock(new Date("2026-03-01T00:00:00Z"));
  const cloud = await startCloud({ clock, release: "1.12.6", flow: "auth-code", certificate, ...options });
  const { directory, openMetadata } = cloud;
  const { clientId } = directory.createApi({ displayName: "openmetadata-server", appRoles: [] });
  const registration = directory.applications().find(({ appId }) => appId === clientId);
  if (!registration) throw new Error("The registration is missing");
  directory.state.applications.settle(registration.id, { ...registration, uniqueName: "openmetadata-server" });
  const addSecret = () => directory.addPasswordByHand("openmetadata-server", { displayName: "by hand" });
  /** Gives the registration a secret with these characters in it, as Entra itself never makes one. */
  const addOddSecret = (value: string) => {
    const { keyId } = addSecret();
    const held = directory.applications().find(({ appId }) => appId === clientId);
    if (!held) throw new Error("The registration is missing");
    const secrets = held.secrets.map((secret) => (secret.keyId === keyId ? { ...secret, value } : secret));
    directory.state.applications.settle(held.id, { ...held, secrets });
  };
  const first = addSecret();
  openMetadata.setEnvironment({ OIDC_CLIENT_SECRET: first.value, CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "azure" });
  openMetadata.restart();

  const call = async (
    line: string,
    { token = openMetadata.adminBotToken(), body, type = "application/json" }: Sent = {},
  ) => {
    const [method = "GET", path = ""] = line.split(" ");
    const answer = await fetch(`${cloud.urls.openMetadata}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { "content-type": type }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === "" ? undefined : JSON.parse(text)) as never };
  };
  return {
    ...cloud,
    clock,
    clientId,
    first,
    addSecret,
    addOddSecret,
    call,
    /** A token of a person, by the name of the user. */
    personToken: (name: string) => cloud.entra.issueToken({ sub: name, aud: clientId }),
    patch: (operations: unknown, token?: string) =>
      call("PATCH /v1/system/security/config", {
        body: operations,
        type: "application/json-patch+json",
        ...(token === undefined ? {} : { token }),
      }),
    replace: (path: string, value: unknown) => [{ op: "replace", path, value }],
    async close() {
      await cloud.close();
      // Requests are wrong on purpose here; answers never are.
      expect(cloud.violations().filter((sentence) => sentence.includes(": the answer"))).toEqual([]);
    },
  };
}

interface Sent {
  token?: string;
  body?: unknown;
  type?: string;
}

export type ServerWorld = Awaited<ReturnType<typeof openServer>>;
