import { z } from "zod";
import { type Asked, ask } from "../ask.ts";
import { type Finding, notice, ok, red, unseen } from "./finding.ts";
import { askStatus } from "./pages.ts";

const problem = z.object({ code: z.string(), detail: z.string(), hint: z.string().optional() });

export interface AppLook {
  findings: Finding[];
  /** The answer of GET /api/status, where it came. */
  status: unknown;
}

/** Asks the app itself. `token`: what whoever asks got for its API, or why there is none. */
export async function lookAtApp(
  url: string,
  {
    token,
    now,
  }: { token: { kind: "token"; value: string } | { kind: "none"; because: string; do: string }; now: () => Date },
): Promise<AppLook> {
  const stranger = await ask(`${url}/api/status`);
  const findings = [...judgeReachable(url, stranger), ...judgeClock(stranger, now())];
  if (stranger.kind === "silent" || stranger.status === 404) return { findings, status: undefined };
  if (token.kind === "none") {
    return { findings: [...findings, red("authorised", token.because, token.do)], status: undefined };
  }
  const [answer, configuration] = await Promise.all([
    askStatus(url, token.value),
    ask(`${url}/api/configuration?format=docker`, { token: token.value }),
  ]);
  findings.push(...judgeAuthorised(answer), ...judgeConfiguration(configuration));
  return { findings, status: answer.kind === "answered" && answer.status === 200 ? answer.json : undefined };
}

/** What the app answers to somebody without a token tells whether it is there, and whether it is guarded. */
export function judgeReachable(url: string, answer: Asked): Finding[] {
  const check = "reachable";
  if (answer.kind === "silent") {
    const todo =
      "Check the address, and that the function app is running; in the private topology, ask from within its network";
    return [red(check, `${url} does not answer (${answer.because})`, todo)];
  }
  const said = problem.safeParse(answer.json).data;
  if (answer.status === 404) {
    return [
      red(
        check,
        `${url} has no function show-status`,
        "Deploy the package (azd deploy, or a deployment with packageUri); then check the host's log",
      ),
    ];
  }
  if (answer.status === 200) {
    return [
      red(
        check,
        `${url} answers anybody, without a token or key`,
        "Set API_AUDIENCE, and make sure that nothing in front of the app adds a token or a key",
      ),
    ];
  }
  if (answer.status === 403 && !said) {
    return [
      red(
        check,
        `${url} refuses this address (403)`,
        "Add your address to allowedIpRanges, or ask from within the network",
      ),
    ];
  }
  if (answer.status >= 500 && !said) {
    return [
      red(
        check,
        `${url} answers ${answer.status}: the host does not run the app`,
        "Check the host's log in Application Insights, and restart the app",
      ),
    ];
  }
  return [ok(check, `${url} answers, and strangers are refused`)];
}

/** Tokens, secrets and timers go by the clock; five minutes are what Entra forgives. */
export function judgeClock(answer: Asked, now: Date): Finding[] {
  if (answer.kind === "silent" || !answer.date) return [];
  const seconds = Math.round((answer.date.getTime() - now.getTime()) / 1000);
  if (Math.abs(seconds) < 120) return [ok("clock", "the app's clock and yours agree")];
  return [notice("clock", `the app's clock and yours differ by ${Math.abs(seconds)} s`, "Correct your clock")];
}

function judgeAuthorised(answer: Asked): Finding[] {
  if (answer.kind === "silent")
    return [
      red(
        "authorised",
        `the app does not answer a request with a valid token (${answer.because})`,
        "Run the doctor again",
      ),
    ];
  const said = problem.safeParse(answer.json).data;
  switch (answer.status) {
    case 200:
      return [ok("authorised", "your token is accepted")];
    case 401:
      return [
        red(
          "authorised",
          "your token is not accepted",
          said
            ? "Check that --audience equals the app setting API_AUDIENCE, and that you are signed in to the app's tenant"
            : "The app is guarded by function keys: set API_AUDIENCE to use tokens",
        ),
      ];
    case 403:
      return [
        red(
          "authorised",
          "you lack the app role Automation.Read",
          said?.hint ?? "Assign it in Entra (Enterprise applications, Users and groups)",
        ),
      ];
    default:
      return said
        ? [red(said.code === "settings-invalid" ? "settings" : "authorised", said.detail, said.hint)]
        : [red("authorised", `the app answers ${answer.status}`, "Check its log in Application Insights")];
  }
}

function judgeConfiguration(answer: Asked): Finding[] {
  if (answer.kind === "silent" || answer.status === 200 || [401, 403].includes(answer.status)) return [];
  const said = problem.safeParse(answer.json).data;
  return [unseen("configuration", said?.detail ?? `GET /api/configuration answers ${answer.status}`, said?.hint)];
}
