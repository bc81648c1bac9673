import { parseArgs } from "node:util";
import { travel } from "./journey/journey.ts";
import { openSetting } from "./journey/setting.ts";
import { teller } from "./journey/tell.ts";

const HELP = `Shows the whole job in a local cloud: provision, consent, rotate, deliver, and the next rotation two months on.
No Azure subscription is needed; nothing leaves this machine.

  npm start                 tell it
  npm start -- --log        show the app's own log as well
  npm start -- --help       this text

Exit code 0 when the job was done and no sign-in was refused, 1 otherwise.
`;

const { values } = parseArgs({ options: { help: { type: "boolean" }, log: { type: "boolean" } } });
if (values.help) process.stdout.write(HELP);
else process.exitCode = await start(values.log ?? false);

async function start(showLog: boolean): Promise<number> {
  const began = performance.now();
  const tell = teller(process.stdout);
  tell.progress("starting the local cloud");
  const setting = await openSetting({
    start: new Date(new Date().setUTCHours(8, 0, 0, 0)),
    onLog({ level, message, functionName }) {
      if (showLog) process.stderr.write(`${level} ${functionName ?? "host"}: ${message}\n`);
    },
  });
  try {
    const { cloud } = setting;
    const release = `OpenMetadata ${cloud.openMetadata.options.release}`;
    tell.line(
      "local cloud",
      "",
      `Entra, Graph, Key Vault, Event Grid, ${release} ready`,
      (performance.now() - began) / 1000,
    );
    const arrival = await travel(setting, tell);
    tell.line(
      "ingestion",
      "",
      `signed in ${arrival.signIns.toLocaleString("en")} times, refused ${arrival.refusals.length} times`,
    );
    const requests = { Graph: "graph", "Key Vault": "key-vault", OpenMetadata: "openmetadata" } as const;
    const counts = Object.entries(requests).map(
      ([name, service]) => `${name} ${cloud.requests(service).toLocaleString("en")}`,
    );
    tell.line("requests", "", counts.join(", "));
    const faults = [
      ...arrival.refusals.map((refusal) => `ingestion was refused: ${refusal}`),
      ...cloud.violations().map((violation) => `contract violated: ${violation}`),
      ...(arrival.managed.length === 1 ? [] : [`Entra holds ${arrival.managed.length} managed secrets instead of one`]),
      ...(arrival.currentKeyId === arrival.firstKeyId ? ["no second rotation took place"] : []),
      ...(arrival.managed[0] === arrival.currentKeyId ? [] : ["the secret in Entra is not the current one"]),
    ];
    const contracts = cloud.checksContracts ? "; every exchange fits the published schemas" : "";
    for (const fault of faults) tell.line("FAILED", "", fault);
    if (faults.length > 0) return 1;
    tell.line(
      "done",
      "",
      `in ${((performance.now() - began) / 1000).toFixed(1)} s${contracts}; npm run dev keeps everything up at http://localhost:7071`,
    );
    return 0;
  } finally {
    await setting.close();
  }
}
