const HELP = `Proves the rotation: four checks, and faults planted on purpose that they must notice.

  npm run proof -- simulation    years with random faults, or every request of a rotation struck in every way
  npm run proof -- model         every order in which runs, events, crashes and people can follow each other
  npm run proof -- faults        known faults of the services, and every write struck in every way, over HTTP
  npm run proof -- mutants       faults planted in the rotation; shows which check catches each

Each takes --help. Exit code 0 when every promise held, 1 when one was broken, 2 when a command or an option is unknown.
docs/proof.md says what is promised, and what each check is evidence of.
`;

/** Each is loaded when it is chosen; it reads its options from the command line and answers the exit code. */
const CHECKS: Record<string, () => Promise<{ run(): Promise<number | undefined> }>> = {
  simulation: () => import("./simulation/command.ts"),
  model: () => import("./model/command.ts"),
  faults: () => import("./faults/command.ts"),
  mutants: () => import("./mutants/command.ts"),
};

const [name = "--help"] = process.argv.splice(2, 1);
const check = CHECKS[name];
if (check) {
  const { run } = await check();
  process.exitCode = (await run()) ?? process.exitCode ?? 0;
} else if (name === "--help" || name === "-h") {
  process.stdout.write(HELP);
} else {
  process.stderr.write(`There is no check "${name}"\n\n${HELP}`);
  process.exitCode = 2;
}
