import { parseArgs } from "node:util";
import { createCertificate, trustCertificate } from "./cloud/certificate.ts";
import { travel } from "./journey/journey.ts";
import { judge } from "./journey/judge.ts";
import { NO_SUCH_WISH, RELEASES, readWish, type Wish } from "./journey/release-wish.ts";
import { openSetting } from "./journey/setting.ts";
import { type Teller, teller } from "./journey/tell.ts";

const HELP = `Shows the whole job in a local cloud: provision, consent, rotate, deliver, and the next rotation two months on.
No Azure subscription is needed; nothing leaves this machine.

  npm start                              OpenMetadata 1.2, and then 1.12 with the authorization-code flow
  npm start -- --openmetadata 1.2        only this release (1.2 or 1.12)
  npm start -- --openmetadata 1.12 --flow implicit
                                         how people sign in: implicit, or auth-code (1.12 only)
  npm start -- --log                     show the app's own log as well
  npm start -- --help                    this text

Exit code 0 when the job was done and no sign-in was refused, 1 otherwise, 2 when the arguments make no sense.
`;

/** Both releases and both flows, where nothing is asked for. */
const EVERYTHING: Wish[] = [
  { openMetadata: "1.2", flow: "implicit" },
  { openMetadata: "1.12", flow: "auth-code" },
];

/** One for all journeys: a process cannot tell two authorities of the same name apart. */
const certificate = await createCertificate();
trustCertificate(certificate);

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    log: { type: "boolean" },
    openmetadata: { type: "string" },
    flow: { type: "string" },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await start(readWish(values, EVERYTHING));

async function start(chosen: Wish[] | undefined): Promise<number> {
  if (!chosen) {
    process.stderr.write(NO_SUCH_WISH);
    return 2;
  }
  const began = performance.now();
  const tell = teller(process.stdout);
  let faults = 0;
  for (const journey of chosen) faults += await go(journey, tell);
  if (faults > 0) return 1;
  const took = ((performance.now() - began) / 1000).toFixed(1);
  tell.line("done", "", `in ${took} s; npm run dev keeps everything up at http://localhost:7071`);
  return 0;
}

/** One journey from beginning to end; returns the number of faults. */
async function go({ openMetadata, flow }: Wish, tell: Teller): Promise<number> {
  const began = performance.now();
  tell.progress("starting the local cloud");
  const setting = await openSetting({
    start: new Date(new Date().setUTCHours(8, 0, 0, 0)),
    release: RELEASES[openMetadata],
    flow,
    certificate,
    signInEveryMinutes: 120,
    onLog({ level, message, functionName }) {
      if (values.log) process.stderr.write(`${level} ${functionName ?? "host"}: ${message}\n`);
    },
  });
  try {
    const { cloud } = setting;
    const how = flow === "implicit" ? "implicit flow" : "authorization-code flow";
    const all = `Entra, Graph, Key Vault, Event Grid, OpenMetadata ${cloud.openMetadata.options.release} (${how}) ready`;
    tell.line("local cloud", "", all, (performance.now() - began) / 1000);
    const judged = judge(setting);
    await travel(setting, tell, judged.first);
    const measured = [["ingestion", cloud.ingestion] as const, ["people", cloud.people] as const];
    for (const [who, { signIns, refusals }] of measured) {
      if (signIns() === 0) continue;
      tell.line(who, "", `signed in ${signIns().toLocaleString("en")} times, refused ${refusals().length} times`);
    }
    const requests = { Graph: "graph", "Key Vault": "key-vault", OpenMetadata: "openmetadata" } as const;
    const counts = Object.entries(requests).map(
      ([name, service]) => `${name} ${cloud.requests(service).toLocaleString("en")}`,
    );
    const contracts = cloud.checksContracts ? "; every exchange fits the published schemas" : "";
    tell.line("requests", "", `${counts.join(", ")}${contracts}`);
    const faults = judged.faults();
    for (const fault of faults) tell.line("FAILED", "", fault);
    return faults.length;
  } finally {
    await setting.close();
  }
}
