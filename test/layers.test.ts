import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Module {
  file: string;
  text: string;
  /** Files of this project, from its root, and names of packages. */
  imports: string[];
  /** Those of which it takes more than types. */
  calls: string[];
}

function modulesBelow(...folders: string[]): Module[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => {
        const file = join(folder, name);
        const text = readFileSync(join(root, file), "utf8");
        const imports = [
          ...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";/gms),
          ...text.matchAll(/import\("([^"]+)"\)/g),
        ];
        const named = (found: RegExpMatchArray[]) => found.map(([, target = ""]) => fromRoot(file, target));
        return { file, text, imports: named(imports), calls: named(imports.filter(([all]) => !isOfTypes(all))) };
      }),
  );
}

function isOfTypes(statement: string): boolean {
  return /^(?:import|export) type\b/.test(statement);
}

function fromRoot(file: string, target: string): string {
  return target.startsWith(".") ? relative(root, resolve(root, dirname(file), target)) : target;
}

const product = modulesBelow("functions", "shared");

/** What each part may import from this project, besides its own folder. */
const ALLOWED: [part: RegExp, may: RegExp][] = [
  [/^functions\//, /^shared\//],
  // The world joins the domains to the clients that fit their ports.
  [/^shared\/world\//, /^shared\//],
  [/^shared\/(errors|limits)\.ts$/, /^$/],
  [/^shared\/retry\.ts$/, /^shared\/errors\.ts$/],
  // Names say whose credential and whose registration something is.
  [
    /^shared\/deployment\//,
    /^shared\/((errors|limits|retry)\.ts|rotation\/credential-kind\.ts|clients\/graph\/registrations\.ts)/,
  ],
  [/^shared\/clients\//, /^shared\/((errors|limits|retry)\.ts|clients\/http\.ts)$/],
  // Status tells what the other domains know; it alone reads their pure parts.
  [
    /^shared\/status\//,
    /^shared\/((errors|limits|retry)\.ts|delivery\/(plan|ports)\.ts|registration\/(provision|plan|desired)\.ts|rotation\/|hygiene\/|deployment\/)/,
  ],
  // The bot's token is rotated by a plan of its own, in the words of the rotation of client secrets.
  [/^shared\/rotation\/bot-token\//, /^shared\/((errors|limits|retry)\.ts|delivery\/plan\.ts|rotation\/[^/]+\.ts)$/],
  [/^shared\/rotation\//, /^shared\/((errors|limits|retry)\.ts|rotation\/)/],
  // What a release can and how its settings are called is asked by several domains.
  [/^shared\/(delivery|configuration|hygiene)\//, /^shared\/((errors|limits|retry)\.ts|deployment\/release\.ts)/],
  [/^shared\/(registration|events|http)\//, /^shared\/(errors|limits|retry)\.ts$/],
];

describe("imports go one way", () => {
  it.each(product.map(({ file, imports }) => [file, imports] as const))("%s", (file, imports) => {
    const [, may] = ALLOWED.find(([part]) => part.test(file)) ?? [];
    expect(may, "the file belongs to no part of the layout").toBeDefined();
    const own = dirname(file) === "shared" ? undefined : `${dirname(file)}/`;
    const projects = imports.filter((target) => /^(functions|shared|local|test)\//.test(target));
    const forbidden = projects.filter((target) => !may?.test(target) && !(own && target.startsWith(own)));
    expect(forbidden).toEqual([]);
  });
});

/** Clock, chance, environment and network, which only `clients/` and `world/` may reach for by themselves. */
const AMBIENT =
  /\bDate\(\)|\bDate\.now\b|\bMath\.random\b|\bcrypto\b|\bprocess\.|\bperformance\.|\bfetch\(|\bset(?:Timeout|Interval|Immediate)\b|"node:/;

describe("the domains are told the time, and know neither chance nor environment", () => {
  const domains = product.filter(({ file }) => /^shared\/(?!clients\/|world\/)/.test(file));

  it.each(domains.map(({ file, text }) => [file, text] as const))("%s", (_file, text) => {
    expect(AMBIENT.exec(text)?.[0]).toBeUndefined();
  });
});

/** What decides is called a plan, a forecast or a rendering. With it goes all that it calls. */
describe("what decides is pure: it waits for nothing, and calls nothing that does", () => {
  const DECIDES = /(?:^|[/-])(?:plan|forecast|render)\.ts$/;
  const called = (file: string, found = new Set<string>()): Set<string> => {
    if (found.has(file)) return found;
    found.add(file);
    for (const target of product.find((one) => one.file === file)?.calls ?? []) called(target, found);
    return found;
  };

  it.each(product.filter(({ file }) => DECIDES.test(file)).map(({ file }) => file))("%s", (file) => {
    const all = [...called(file)];
    const waiting = product.filter((one) => all.includes(one.file) && /\basync\b|\bawait\b|\bPromise\b/.test(one.text));
    expect(waiting.map((one) => one.file)).toEqual([]);
    // Packages, and what acts.
    expect(all.filter((one) => !/^shared\/(?!clients\/|world\/)/.test(one))).toEqual([]);
  });
});

describe("one place for each outside thing", () => {
  const users = (pattern: RegExp) =>
    product
      .filter(({ text }) => pattern.test(text))
      .map(({ file }) => file)
      .sort();

  it("the environment is read where the world is opened", () => {
    expect(users(/process\.env/)).toEqual(["shared/world/connections.ts", "shared/world/world.ts"]);
  });

  it("fetch is called in clients/http.ts only", () => {
    expect(users(/\bfetch\(/)).toEqual(["shared/clients/http.ts"]);
  });

  it("the clock is read where a run begins, and in world/clock.ts", () => {
    expect(users(/new Date\(\)|Date\.now\(\)/).filter((file) => !file.startsWith("functions/"))).toEqual([
      "shared/world/clock.ts",
    ]);
  });

  it("chance is drawn in world/, and ids in world/credentials.ts", () => {
    expect(users(/Math\.random/)).toEqual(["shared/world/clock.ts"]);
    expect(users(/randomUUID/)).toEqual(["shared/world/credentials.ts"]);
  });

  it("each SDK is known to its client, and to what connects them with the credential", () => {
    const importers = (name: string) => product.filter(({ imports }) => imports.includes(name)).map(({ file }) => file);
    expect(importers("@azure/keyvault-secrets")).toEqual(["shared/clients/key-vault/key-vault.ts"]);
    expect(importers("@microsoft/microsoft-graph-client")).toEqual(["shared/clients/graph/graph.ts"]);
    expect(importers("@azure/arm-appservice/api")).toEqual(["shared/clients/app-service/app-service.ts"]);
    expect(importers("@azure/identity").sort()).toEqual([
      "shared/clients/app-service/app-service.ts",
      "shared/clients/entra/own-tokens.ts",
      "shared/clients/key-vault/key-vault.ts",
      "shared/world/connections.ts",
    ]);
  });
});

describe("the stand-ins", () => {
  it("know nothing of the app", () => {
    const cloud = modulesBelow("local/cloud", "local/host", "local/contracts");
    const knowing = cloud.filter(({ imports }) => imports.some((target) => /^(functions|shared)\//.test(target)));
    expect(knowing.map(({ file }) => file)).toEqual([]);
  });
});

describe("functions/", () => {
  it("holds one file per function, which registers it under the name of the file", () => {
    for (const { file, text } of product.filter((one) => one.file.startsWith("functions/"))) {
      const names = [...text.matchAll(/app\.(?:http|timer|eventGrid)\("([^"]+)"/g)].map(
        ([, name]) => `functions/${name}.ts`,
      );
      expect(names).toEqual([file]);
    }
  });
});
