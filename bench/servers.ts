import type { Clock } from "../local/clock.ts";
import type { Cloud } from "../local/cloud/cloud.ts";
import { createOpenMetadata, type OpenMetadata } from "../local/cloud/openmetadata/create-openmetadata.ts";
import { serve } from "../local/cloud/serve.ts";

/** Servers of OpenMetadata, each below a path of its own at one origin. */
export interface Servers {
  /** Makes the server of a deployment unless it is there already; answers where it is. */
  add(name: string): string;
  of(name: string): OpenMetadata;
  /** Instead of the server this answers, or nobody for as long as it is pending. */
  replace(name: string, answer: () => Response | Promise<Response>): void;
  restore(name: string): void;
  close(): Promise<void>;
}

/** The release that every one of them runs. */
const RELEASE = "1.12.6";

export async function serveMany({ wire, certificate, urls, directory, app }: Cloud, clock: Clock): Promise<Servers> {
  const servers = new Map<string, OpenMetadata>();
  const instead = new Map<string, () => Response | Promise<Response>>();
  const find = (name: string): OpenMetadata => {
    const server = servers.get(name);
    if (!server) throw new Error(`There is no server "${name}"`);
    return server;
  };
  const dispatch = (request: Request): Response | Promise<Response> => {
    const url = new URL(request.url);
    const [, name = "", rest = ""] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    const answer = instead.get(name);
    if (answer) return answer();
    return find(name).app.fetch(new Request(new URL(`${rest}${url.search}`, url), request));
  };
  const served = await serve({ fetch: dispatch }, { service: "openmetadata", host: HOST, certificate, wire });
  const authority = `${urls.entra}/${directory.tenantId}`;
  const create = (name: string): OpenMetadata => {
    let known: string | undefined;
    const clientId = (): string => {
      known ??= directory.state.applications.bearing("uniqueName", `${name}-server`)[0]?.appId;
      return known ?? "";
    };
    return createOpenMetadata({
      clock,
      release: RELEASE,
      flow: "implicit",
      authorityHost: () => urls.entra,
      principalDomain: "example.com",
      adminPrincipals: ["admin", app.objectId],
      publicKeyUrls: () => [`${authority}/discovery/v2.0/keys`, `${served.url}/${name}/api/v1/system/config/jwks`],
      clientId,
      authority: () => authority,
    });
  };
  return {
    add(name) {
      if (!servers.has(name)) servers.set(name, create(name));
      return `${served.url}/${name}`;
    },
    of: find,
    replace: (name, answer) => void instead.set(name, answer),
    restore: (name) => void instead.delete(name),
    close: () => served.close(),
  };
}

const HOST = "openmetadata.localhost";
