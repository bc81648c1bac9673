import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { watchBundle } from "../../scripts/build.ts";
import { PATIENTLY } from "../patiently.ts";

let folder: string;
let main: string;
let built = 0;
let stop = async () => {};

const builtOn = async () => (await stat(main)).mtimeMs;
const patiently = <T>(what: () => T) => expect.poll(what, PATIENTLY);

/** In one piece, as an editor saves it. */
async function save(file: string, text: string): Promise<void> {
  await writeFile(join(folder, "saved"), text);
  await rename(join(folder, "saved"), join(folder, file));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-watched-"));
  main = join(folder, "dist", "main.cjs");
  for (const name of ["functions", "shared"]) await mkdir(join(folder, name));
  await save("functions/one.ts", "console.log(1);");
  await save("host.json", "{}");
  built = 0;
  const onBuilt = async (): Promise<void> => {
    built += 1;
  };
  stop = await watchBundle(main, onBuilt, folder);
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

it("an edit is loaded once, though its events come so far apart that it is bundled twice", async () => {
  expect(built).toBe(1);
  await save("functions/one.ts", "console.log(2);");
  await patiently(() => built).toBe(2);
  const before = await builtOn();
  await save("functions/one.ts", "console.log(2);");
  await patiently(builtOn).toBeGreaterThan(before);
  await save("host.json", '{ "version": "2.0" }');
  await patiently(() => built).toBeGreaterThan(2);
  await stop();
  expect(built).toBe(3);
});
