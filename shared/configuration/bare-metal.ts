import { authenticationSettings } from "./authentication.ts";
import { authorizerSettings } from "./authorizer.ts";
import { comment } from "./comment.ts";
import type { Configuration } from "./desired.ts";
import { fileHeader } from "./file-header.ts";
import { oidcSettings } from "./oidc.ts";
import { precedence } from "./precedence.ts";
import { isReference, type Setting } from "./setting.ts";
import { exportAs } from "./vault-commands.ts";
import { type Entry, yamlText } from "./yaml-text.ts";

/** The keys to set in `conf/openmetadata.yaml`. Pure. */
export function bareMetalFragment(configuration: Configuration): string {
  const settings = [
    ...authorizerSettings(configuration),
    ...authenticationSettings(configuration),
    ...oidcSettings(configuration),
  ];
  const introduction = comment([
    ...fileHeader(configuration),
    "Set these keys in conf/openmetadata.yaml, leave the other keys of both sections unchanged, and restart.",
    ...precedence(configuration),
  ]);
  return `${introduction.join("\n")}\n\n${yamlText(settings.flatMap(entry))}`;
}

function entry({ yaml, env = "", value, why = [] }: Setting): Entry[] {
  if (yaml === undefined) return [];
  if (!isReference(value)) return [{ path: yaml, value, why }];
  const reasons = ["Read from the server's environment. Set it from the vault before starting:", exportAs(env, value)];
  return [{ path: yaml, value: `\${${env}}`, why: [...why, ...reasons] }];
}
