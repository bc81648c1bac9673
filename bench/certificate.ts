import { createCertificate, trustCertificate } from "../local/cloud/certificate.ts";

/** One for every cloud of this process, which trusts it: TLS cannot tell two authorities of the same name apart. */
export const certificate = await createCertificate();
trustCertificate(certificate);
