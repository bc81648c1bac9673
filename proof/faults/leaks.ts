import type { Scene } from "./scene.ts";

/** The beginning of any token: `{"` in base64url. */
const TOKEN = /\beyJ[\w-]{20,}/;

/** Where a secret value, or a token, shows in the log or in an answer of the app. Never shows it itself. */
export function leaksIn({ setting, answers, watch }: Scene): string[] {
  const secrets = watch.secrets();
  const holds = (text: string): boolean => TOKEN.test(text) || secrets.some((secret) => text.includes(secret));
  const lines = setting.log.filter(({ message }) => holds(message));
  const calls = answers.filter(({ answer }) => holds(JSON.stringify(answer.body)));
  return [
    ...lines.map(({ functionName }) => `a secret is in the log of ${functionName ?? "the host"}`),
    ...calls.map(({ call }) => `a secret is in an answer to ${call}`),
  ];
}
