import { readOptions, refuseOptions } from "../../scripts/command-line.ts";
import { postNotice } from "../../shared/clients/notify/post-notice.ts";
import { readReceivers } from "../../shared/deployment/receivers.ts";
import { bodyOf } from "../../shared/notify/body.ts";
import { testNotice } from "../../shared/notify/notice.ts";
import { clock } from "../clock.ts";

const HELP = `Sends a test notification to each receiver in NOTIFY_URL, from this machine, and says what came of it.

  NOTIFY_URL="$(cat notify-url.txt)" npm run notify -- --test

  --test    sends; without it the addresses are only checked
  --json    what came of each as JSON

The addresses are secrets: give them by the environment, not as arguments. None is shown. docs/notifications.md says what
a receiver is sent, and how the deployed app is made to send a test.

Exit code: 0 when every receiver took it, 1 when one did not, or an address is wrong, 2 for bad options.
`;

const values = readOptions({ help: HELP, options: { test: { type: "boolean" }, json: { type: "boolean" } } });
if (values) {
  if (!process.env.NOTIFY_URL?.trim()) refuseOptions("NOTIFY_URL is not set", HELP);
  else await main(values);
}

async function main({ test, json }: { test?: boolean; json?: boolean }): Promise<void> {
  const { receivers, faults } = readReceivers(process.env.NOTIFY_URL);
  const notice = testNotice(clock.now());
  const tries = receivers.map(async (receiver) => {
    const about = { receiver: receiver.place + 1, format: receiver.format };
    if (!test) return { ...about, state: "readable" };
    return postNotice(receiver, bodyOf(notice, receiver.format)).then(
      () => ({ ...about, state: "taken" }),
      (error: Error) => ({ ...about, state: "failed", because: error.message }),
    );
  });
  const results = await Promise.all(tries);
  if (json) process.stdout.write(`${JSON.stringify({ results, faults }, null, 2)}\n`);
  else {
    for (const { receiver, format, state, ...more } of results)
      process.stdout.write(`receiver ${receiver} (${format}): ${"because" in more ? more.because : state}\n`);
    for (const fault of faults) process.stderr.write(`${fault}\n`);
  }
  if (faults.length > 0 || results.some(({ state }) => state === "failed")) process.exitCode = 1;
}
