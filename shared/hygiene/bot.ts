import { FIRST_TOKEN_ONLY, isAtLeast, type Release } from "../deployment/release.ts";
import type { Finding } from "./finding.ts";

/** The settings name a bot that the server has not. Pure. */
export function noBotFindings(name: string): Finding[] {
  const what = `OpenMetadata has no bot "${name}", so nothing can be pushed`;
  return [{ kind: "no-bot", severity: "critical", what, do: "Set BOT_NAME to the name of an existing bot" }];
}

/** A bot that signs in with a client secret, on a server that no longer lets it (#14358). Pure. */
export function botFindings(bot: { name: string; authType: string }, release: Release | undefined): Finding[] {
  if (bot.authType !== "SSO" || !release || !isAtLeast(release, FIRST_TOKEN_ONLY)) return [];
  return [
    {
      kind: "sso-ignored",
      severity: "critical",
      what: `Bot "${bot.name}" has an Azure client secret, which OpenMetadata ${release.join(".")} ignores: its pipelines cannot be deployed`,
      do: `Have OpenMetadata issue a token: call POST /api/rotate with {"credential":"bot-token"}, or use Settings > Bots > ${bot.name} > Generate new token; then redeploy the pipelines`,
    },
  ];
}
