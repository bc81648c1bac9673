import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import type { Certificate } from "../../local/cloud/certificate.ts";

/** Microsoft's emulator of one of the services of a storage account, in this process, at `url`. */
export async function azurite(service: "blob" | "queue", certificate: Certificate) {
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-azurite-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await Promise.all([writeFile(cert, certificate.cert), writeFile(key, certificate.key)]);
  const server = serverOf(service === "blob" ? "Blob" : "Queue", { cert, key });
  await server.start();
  const { port } = new URL(server.getHttpServerAddress());
  return {
    url: `https://devstoreaccount1.${service}.localhost:${port}`,
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A token that Azurite takes: it looks at issuer, audience and life, not at the signature. */
export function tokenForAzurite(now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({ aud: "https://storage.azure.com", iss: "https://sts.windows.net/tenant/" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + 30 * 24 * 60 * 60)
    .sign(new Uint8Array(32));
}

interface Server {
  start(): Promise<void>;
  close(): Promise<void>;
  getHttpServerAddress(): string;
}

/** No public API: the constructors take their options by position. */
function serverOf(name: "Blob" | "Queue", { cert, key }: { cert: string; key: string }): Server {
  const require = createRequire(import.meta.url);
  const folder = `azurite/dist/src/${name.toLowerCase()}`;
  const Configuration = require(`${folder}/${name}Configuration`).default;
  const AzuriteServer = require(`${folder}/${name}Server`).default;
  const unset = undefined;
  const [skipApiVersionCheck, isMemoryPersistence] = [true, true];
  return new AzuriteServer(
    new Configuration(
      "127.0.0.1",
      0,
      ...[unset, unset, unset, [], false, unset, false, unset, false],
      skipApiVersionCheck,
      cert,
      key,
      ...[unset, "basic", false],
      isMemoryPersistence,
    ),
  );
}
