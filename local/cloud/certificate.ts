import { X509Certificate } from "node:crypto";
import dns from "node:dns";
import tls from "node:tls";
import { generate } from "selfsigned";

/** A certificate for `localhost` and the names that the stand-ins use, and its private key, as PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** No `*.localhost`: Node refuses a wildcard directly under a top-level name. */
const HOSTS = [
  "localhost",
  "login.localhost",
  "login.partner.localhost",
  "graph.localhost",
  "management.localhost",
  "openmetadata.localhost",
  "receivers.localhost",
  "*.vault.localhost",
  "*.queue.localhost",
  "*.blob.localhost",
];
const DAY = 24 * 60 * 60 * 1000;

/**
 * Makes a certificate that is its own authority, by the machine's real time: good from yesterday on, and for as long as
 * anybody may leave `npm run dev` running.
 */
export async function createCertificate(): Promise<Certificate> {
  const now = performance.timeOrigin + performance.now();
  const pems = await generate([{ name: "commonName", value: "openmetadata-entra local cloud" }], {
    keyType: "ec",
    notBeforeDate: new Date(now - DAY),
    notAfterDate: new Date(now + 365 * DAY),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "subjectAltName", altNames: HOSTS.map((value) => ({ type: 2, value })) },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}

/**
 * Makes this process trust the certificate beside the usual authorities, and resolve every name under `.localhost`
 * to loopback as RFC 6761 section 6.3 asks for; not every operating system's resolver does.
 */
export function trustCertificate(certificate: Certificate): void {
  new X509Certificate(certificate.cert); // throws on a broken one here, not at the first request
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), certificate.cert]);
  resolveLocalhostNames();
}

let resolving = false;

function resolveLocalhostNames(): void {
  if (resolving) return;
  resolving = true;
  const systemLookup = dns.lookup;
  dns.lookup = ((hostname: string, ...rest: unknown[]) => {
    const name = hostname.endsWith(".localhost") ? "127.0.0.1" : hostname;
    return (systemLookup as (...args: unknown[]) => void)(name, ...rest);
  }) as typeof dns.lookup;
}
