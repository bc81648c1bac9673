import type { Clock } from "../retry.ts";
import type { AppServicePorts } from "./app-service.ts";
import type { Ports } from "./ports.ts";
import type { ServerSignIn } from "./server-plan.ts";

/** What the server's own client secret is pushed with. */
export interface ServerPorts extends Pick<Ports, "deployment" | "authority" | "keysUrl" | "readWithinHours">, Clock {
  openMetadata: Pick<Ports["openMetadata"], "version">;
  security: {
    read(): Promise<ServerSignIn>;
    holds(secret: string): Promise<boolean>;
    replaceSecret(
      secret: string,
    ): Promise<
      | { kind: "accepted" }
      | { kind: "refused"; errors: { field: string; error: string }[] }
      | { kind: "owned-by-environment"; message: string }
    >;
  };
  /** Explains what keeps us out of the server, where something does. */
  admitted(subject: string): Promise<unknown>;
  signIn(appId: string, value: string): Promise<{ kind: "signed-in" | "unknown-secret" | "expired-secret" }>;
  appService?: AppServicePorts | undefined;
}
