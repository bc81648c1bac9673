import { Hono } from "hono";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { expect } from "vitest";
import { movableClock } from "../../local/clock.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import type { Exchange, Fault } from "../../local/cloud/exchange.ts";
import { createOpenMetadata } from "../../local/cloud/openmetadata/create-openmetadata.ts";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { serve } from "../../local/cloud/serve.ts";
import { contractsFromEnvironment } from "../../local/contracts/contracts.ts";

const certificate = await createCertificate();
trustCertificate(certificate);
const contracts = contractsFromEnvironment(process.env);
const { privateKey, publicKey } = await generateKeyPair("RS256");
const jwk = { ...(await exportJWK(publicKey)), kid: "tenant-key", use: "sig" };

export const MINUTE = 60 * 1000;
export const DAY = 24 * 60 * MINUTE;

/** Just enough of a tenant: it publishes a key, and gives tokens to the one client, whose secret tests may change. */
function createTenant(now: () => Date) {
  const app = new Hono();
  const sign = (claims: JWTPayload, kid = jwk.kid) =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
  const client = { id: "ingestion-client", secret: "first-secret", objectId: "6f0c1f9e-9a55-4f6f-8a51-0c2f4a3f7d10" };
  const counts = { keys: 0, tokens: 0 };
  app.get("/tenant/keys", (c) => {
    counts.keys += 1;
    return c.json({ keys: [jwk] });
  });
  app.post("/tenant/oauth2/v2.0/token", async (c) => {
    counts.tokens += 1;
    const form = await c.req.parseBody();
    if (form.client_id !== client.id || form.client_secret !== client.secret) {
      const description = "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1";
      return c.json({ error: "invalid_client", error_description: description, error_codes: [7000215] }, 401);
    }
    const exp = now().getTime() / 1000 + 3600;
    return c.json({ access_token: await sign({ sub: client.objectId, oid: client.objectId, exp }), expires_in: 3600 });
  });
  return { app, sign, client, counts };
}

export interface Call {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A tenant and an OpenMetadata, both served over TLS, on a clock that stands still. */
export async function openWorld(changes: Partial<OpenMetadataOptions> = {}) {
  const clock = movableClock(new Date("2026-03-01T00:00:00Z"));
  const faults: Fault[] = [];
  /** What the server answered that the published schemas do not know; requests are wrong on purpose here. */
  const violations: string[] = [];
  const judge = (exchange: Exchange): void => {
    if (exchange.service !== "openmetadata") return;
    const found = contracts?.check(exchange, openMetadata.options.release) ?? [];
    violations.push(...found.filter((sentence) => sentence.includes(": the answer")));
  };
  const wire = { faults, onExchange: [judge] };
  const tenant = createTenant(() => clock.now());
  const login = await serve(tenant.app, { service: "entra", host: "login.localhost", certificate, wire });
  const authority = `${login.url}/tenant`;
  let url = "";
  const openMetadata = createOpenMetadata({
    clock,
    release: "1.2.5",
    principalDomain: "example.com",
    adminPrincipals: ["admin"],
    publicKeyUrls: () => [`${authority}/keys`, `${url}/api/v1/system/config/jwks`, `${url}/api/v1/config/jwks`],
    clientId: () => "server-client",
    authority: () => authority,
    ...changes,
  });
  const served = await serve(openMetadata.app, {
    service: "openmetadata",
    host: "openmetadata.localhost",
    certificate,
    wire,
  });
  url = served.url;
  const admin = openMetadata.adminBotToken();

  /** Calls as the administrator bot unless another token is given; an empty one sends none. */
  const call = async (line: string, { token = admin, body, headers = {} }: Call = {}) => {
    const [method = "GET", path = ""] = line.split(" ");
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as never };
  };
  return {
    clock,
    faults,
    tenant,
    authority,
    url,
    openMetadata,
    admin,
    call,
    azureSso: (clientSecret: string) => ({
      authType: "SSO",
      config: {
        ssoServiceType: "azure",
        authConfig: { clientSecret, authority, clientId: tenant.client.id, scopes: ["api://ingestion/.default"] },
      },
    }),
    close: async () => {
      await served.close();
      await login.close();
      expect(violations).toEqual([]);
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
