import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Import {
  /** A file of this project, from its root, or the name of a package. */
  target: string;
  /** Whether all of it is types, of which nothing is left at run time. */
  typeOnly: boolean;
}

interface Module {
  file: string;
  text: string;
  imports: Import[];
}

function modulesBelow(...folders: string[]): Module[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => {
        const file = join(folder, name);
        const text = readFileSync(join(root, file), "utf8");
        return { file, text, imports: importsIn(file, text) };
      }),
  );
}

/** Static ones, for a side effect too, and dynamic ones. `import { type A }` still loads the module. */
function importsIn(file: string, text: string): Import[] {
  const found = [
    ...text.matchAll(/^(?:import|export)\s+(type\b)?[^;"]*?\bfrom "([^"]+)";/gms),
    ...text.matchAll(/^import\s+()"([^"]+)";/gm),
    ...text.matchAll(/\bimport\(()"([^"]+)"\)/g),
  ];
  return found.map(([, type, target = ""]) => ({ target: fromRoot(file, target), typeOnly: type === "type" }));
}

function fromRoot(file: string, target: string): string {
  return target.startsWith(".") ? relative(root, resolve(root, dirname(file), target)) : target;
}

/** What runs in the browser of whoever looks at the page, and is text here. */
const IN_BROWSER = "shared/page/script.ts";

const product = modulesBelow("functions", "shared").map((module) =>
  module.file === IN_BROWSER ? { ...module, text: "" } : module,
);

/** What a part may import from this project besides its own folder; `types` is what it may import as types only. */
interface Rule {
  part: RegExp;
  values: RegExp;
  types?: RegExp;
}

const NOTHING = /^$/;
/** What everybody may use, and uses nothing of the others. */
const BASE = /^shared\/((errors|limits|log|retry)\.ts$|problems\/)/;
const DEPLOYMENT = /^shared\/((errors|limits|log|retry)\.ts$|problems\/|deployment\/)/;

/** The first rule that fits a file counts. */
const RULES: Rule[] = [
  // Commands for whoever runs the app use what needs no deployment: Graph, and what the settings are.
  {
    part: /^operator\//,
    values:
      /^(operator|scripts)\/|^shared\/((errors|retry)|clients\/graph\/(graph|pages)|clients\/notify\/post-notice|deployment\/(settings|schedule|receivers)|notify\/(body|notice)|registration\/(permissions|grant-command))\.ts$/,
  },
  { part: /^functions\//, values: /^shared\// },
  // The description of the API is made from what every call takes and answers.
  {
    part: /^shared\/api\//,
    values:
      /^shared\/problems\/|^shared\/\w+\/(answer|request)\.ts$|^shared\/(configuration\/render|status\/page|page\/wish)\.ts$/,
  },
  // What two functions share that are started in different ways.
  { part: /^shared\/handlers\//, values: /^shared\// },
  // The world joins the domains to the clients that fit their ports.
  { part: /^shared\/world\//, values: /^shared\// },
  { part: /^shared\/(limits\.ts$|problems\/)/, values: NOTHING },
  { part: /^shared\/errors\.ts$/, values: /^shared\/problems\// },
  { part: /^shared\/retry\.ts$/, values: /^shared\/(errors|limits)\.ts$/ },
  { part: /^shared\/log\.ts$/, values: /^shared\/(errors|retry)\.ts$/, types: /^shared\/problems\// },
  { part: /^shared\/deployment\//, values: BASE },
  // A client fits what a domain has declared that it needs: it knows the types of the domain, and nothing that it does.
  {
    part: /^shared\/clients\//,
    values:
      /^shared\/((errors|limits|log|retry|clients\/(http|identity|azure-bounds|refused-token|storage-refusals))\.ts$|problems\/)/,
    types: /^shared\/(deployment|registration|rotation|delivery|hygiene|triggers|engine|notify)\//,
  },
  // The engine carries the work of the rotation from run to run.
  {
    part: /^shared\/engine\//,
    values: /^shared\/((errors|limits|log|retry)\.ts$|problems\/|(deployment|rotation)\/)/,
  },
  // Status tells what the other domains know.
  {
    part: /^shared\/status\//,
    values:
      /^shared\/((errors|limits|log|retry)\.ts$|problems\/|(deployment|registration|rotation|delivery|hygiene|engine)\/)/,
  },
  // Notifications are made from what status tells.
  {
    part: /^shared\/notify\//,
    values: /^shared\/((errors|limits)\.ts$|problems\/|deployment\/|status\/condition\.ts$)/,
  },
  // The page draws what status tells.
  {
    part: /^shared\/page\//,
    values: /^shared\/((errors|limits)\.ts$|problems\/|status\/|deployment\/caller-token\.ts$)/,
    types: /^shared\/deployment\//,
  },
  // The bot's token is rotated by a plan of its own, in the words of the rotation of client secrets.
  {
    part: /^shared\/rotation\/bot-token\//,
    values: /^shared\/((errors|limits|log|retry)\.ts$|problems\/|deployment\/|rotation\/[^/]+\.ts$)/,
  },
  {
    part: /^shared\/rotation\//,
    values: /^shared\/((errors|limits|log|retry)\.ts$|problems\/|(deployment|rotation)\/)/,
  },
  // Delivery is the consumer that the rotation hands its secrets to, and keeps its notebook.
  {
    part: /^shared\/delivery\//,
    values: /^shared\/((errors|limits|log|retry|rotation\/progress)\.ts$|problems\/|deployment\/)/,
    types: /^shared\/rotation\/.*\bports\.ts$/,
  },
  { part: /^shared\/(registration|configuration|hygiene|triggers)\//, values: DEPLOYMENT },
];

/** All that is loaded with these files, before anything is asked for. */
function loadedWith(files: readonly string[], loaded = new Set<string>()): Set<string> {
  for (const file of files.filter((one) => !loaded.has(one))) {
    loaded.add(file);
    const { text = "" } = product.find((one) => one.file === file) ?? {};
    const atOnce = importsIn(file, text.replaceAll("import(", "later("));
    loadedWith(
      atOnce.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target),
      loaded,
    );
  }
  return loaded;
}

describe("loaded is what is needed", () => {
  const below = (folder: string) => product.map(({ file }) => file).filter((file) => file.startsWith(folder));

  it("of zod: by its name for all, because the single import brings every language that it has", () => {
    const single = product.filter(({ file }) =>
      /import \{[^}]*\bz\b[^}]*\} from "zod"/.test(readFileSync(file, "utf8")),
    );
    expect(single.map(({ file }) => file)).toEqual([]);
  });

  it("at a cold start, which waits for it: what the host is told of each function", () => {
    const beside = [...loadedWith(below("functions/"))].filter((file) => !file.startsWith("functions/"));
    expect(beside.sort()).toEqual([
      "@azure/functions",
      "shared/deployment/environment.ts",
      "shared/deployment/schedule.ts",
      "shared/engine/queues.ts",
      "shared/limits.ts",
      "shared/world/bindings.ts",
    ]);
  });

  it("when a function runs: not what describes answers, which is only to be shown", () => {
    const handlers = below("shared/handlers/").filter((file) => !file.endsWith("/describe-api.ts"));
    const loaded = [...loadedWith(handlers)];
    expect(loaded).toContain("shared/registration/request.ts");
    expect(loaded.filter((file) => /^shared\/api\/|\/answer\.ts$|problems\/schemas\.ts$/.test(file))).toEqual([
      "shared/triggers/answer.ts",
    ]);
  });
});

function forbidden({ file, imports }: Pick<Module, "file" | "imports">): string[] | undefined {
  const rule = RULES.find(({ part }) => part.test(file));
  if (!rule) return undefined;
  const own = dirname(file) === "shared" ? undefined : `${dirname(file)}/`;
  return imports
    .filter(({ target }) => /^(functions|shared|local|proof|journey|operator|scripts|test)\//.test(target))
    .filter(({ target }) => !(own !== undefined && target.startsWith(own)) && !rule.values.test(target))
    .filter(({ target, typeOnly }) => !(typeOnly && rule.types?.test(target)))
    .map(({ target }) => target);
}

describe("imports go one way", () => {
  it.each([...product, ...modulesBelow("operator")].map((module) => [module.file, module] as const))(
    "%s",
    (_, module) => {
      expect(forbidden(module), "the file belongs to no part of the layout").toEqual([]);
    },
  );

  it.each([
    ['import type { Consumer } from "../../rotation/client-secret/ports.ts";', []],
    [
      'import { type Consumer } from "../../rotation/client-secret/ports.ts";',
      ["shared/rotation/client-secret/ports.ts"],
    ],
    ['import { rotate } from "../../rotation/client-secret/rotate.ts";', ["shared/rotation/client-secret/rotate.ts"]],
    ['export { rotate } from "../../rotation/client-secret/rotate.ts";', ["shared/rotation/client-secret/rotate.ts"]],
    ['import "../../rotation/client-secret/rotate.ts";', ["shared/rotation/client-secret/rotate.ts"]],
    ['await import("../../rotation/client-secret/rotate.ts");', ["shared/rotation/client-secret/rotate.ts"]],
    ['import type { World } from "../../world/world.ts";', ["shared/world/world.ts"]],
    ['import { UpstreamError } from "../../errors.ts";', []],
  ])("of a client with %s: forbidden is %j", (text, expected) => {
    const file = "shared/clients/graph/graph.ts";
    expect(forbidden({ file, imports: importsIn(file, text) })).toEqual(expected);
  });
});

/** Clock, chance, environment and network, which only `clients/` and `world/` may reach for by themselves. */
const AMBIENT =
  /\bDate\(\)|\bDate\.now\b|\bMath\.random\b|\bcrypto\b|\bprocess\.|\bperformance\.|\bfetch\(|\bset(?:Timeout|Interval|Immediate)\b|"node:/;

describe("the domains are told the time, and know neither chance nor environment", () => {
  const domains = product.filter(({ file }) => /^shared\/(?!clients\/|world\/|handlers\/)/.test(file));

  it.each(domains.map(({ file, text }) => [file, text] as const))("%s", (_file, text) => {
    expect(AMBIENT.exec(text)?.[0]).toBeUndefined();
  });
});

/**
 * What decides is called a plan, a forecast or a rendering, or by what it finds; and what is told of a deployment, beside
 * its settings, is told at once. With it goes all that it calls.
 */
describe("what decides is pure: it waits for nothing, and calls nothing that does", () => {
  const DECIDES = /(?:^|[/-])(?:plan|forecast|render|differences|obstacles|references)\.ts$|-drift\.ts$/;
  const TOLD =
    /^shared\/deployment\/(?!accepted-findings|deployment|fleet|read-deployments|settings?\b|setting-forms|policy)/;
  const called = (file: string, found = new Set<string>()): Set<string> => {
    if (found.has(file)) return found;
    found.add(file);
    const imports = product.find((one) => one.file === file)?.imports ?? [];
    for (const { target } of imports.filter(({ typeOnly }) => !typeOnly)) called(target, found);
    return found;
  };

  const deciding = product.map(({ file }) => file).filter((file) => DECIDES.test(file) || TOLD.test(file));
  it.each(deciding)("%s", (file) => {
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
    expect(users(/process\.env/)).toEqual([
      "shared/world/bindings.ts",
      "shared/world/connections.ts",
      "shared/world/settings.ts",
    ]);
  });

  it("fetch is called in clients/http.ts only", () => {
    expect(users(/\bfetch\(/)).toEqual(["shared/clients/http.ts"]);
  });

  it("the clock is read where a run begins, and in world/clock.ts", () => {
    expect(users(/new Date\(\)|Date\.now\(\)/).filter((file) => !/^(functions|shared\/handlers)\//.test(file))).toEqual(
      ["shared/world/clock.ts"],
    );
  });

  it("chance is drawn in world/, and ids in world/credentials.ts", () => {
    expect(users(/Math\.random/)).toEqual(["shared/world/clock.ts"]);
    expect(users(/randomUUID/)).toEqual(["shared/world/credentials.ts"]);
  });

  it("each SDK is known to its client, and to what connects them with the credential", () => {
    const importers = (name: string) =>
      product.filter(({ imports }) => imports.some(({ target }) => target === name)).map(({ file }) => file);
    expect(importers("@azure/keyvault-secrets").sort()).toEqual([
      "shared/clients/key-vault/api-version.ts",
      "shared/clients/key-vault/calls.ts",
      "shared/clients/key-vault/key-vault.ts",
      "shared/clients/key-vault/versions.ts",
    ]);
    expect(importers("@microsoft/microsoft-graph-client").sort()).toEqual([
      "shared/clients/graph/graph.ts",
      "shared/clients/graph/refusals.ts",
      "shared/clients/graph/renewal.ts",
    ]);
    expect(importers("@azure/arm-appservice/api")).toEqual(["shared/clients/app-service/app-service.ts"]);
    expect(importers("@azure/storage-queue")).toEqual(["shared/clients/storage-queue/storage-queue.ts"]);
    expect(importers("@azure/identity").sort()).toEqual([
      "shared/clients/azure-bounds.ts",
      "shared/clients/entra/managed-identity.ts",
      "shared/clients/entra/own-tokens.ts",
      "shared/clients/identity.ts",
      "shared/clients/storage-queue/storage-queue.ts",
      "shared/world/connections.ts",
    ]);
  });
});

describe("the stand-ins", () => {
  it("know nothing of the app", () => {
    const cloud = modulesBelow("local/cloud", "local/host", "local/contracts");
    const knowing = cloud.filter(({ imports }) => imports.some(({ target }) => /^(functions|shared)\//.test(target)));
    expect(knowing.map(({ file }) => file)).toEqual([]);
  });
});

describe("functions/", () => {
  it("holds one file per function, which registers it under the name of the file", () => {
    for (const { file, text } of product.filter((one) => one.file.startsWith("functions/"))) {
      const names = [...text.matchAll(/app\.(?:http|timer|eventGrid|storageQueue)\("([^"]+)"/g)].map(
        ([, name]) => `functions/${name}.ts`,
      );
      expect(names).toEqual([file]);
    }
  });
});
