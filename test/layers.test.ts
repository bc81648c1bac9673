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

const product = modulesBelow("functions", "shared");

/** What a part may import from this project besides its own folder; `types` is what it may import as types only. */
interface Rule {
  part: RegExp;
  values: RegExp;
  types?: RegExp;
}

const NOTHING = /^$/;
const ERRORS = /^shared\/errors\.ts$/;
const DEPLOYMENT = /^shared\/(errors\.ts$|deployment\/)/;

/** The first rule that fits a file counts. */
const RULES: Rule[] = [
  { part: /^functions\//, values: /^shared\// },
  // The world joins the domains to the clients that fit their ports.
  { part: /^shared\/world\//, values: /^shared\// },
  { part: ERRORS, values: NOTHING },
  { part: /^shared\/deployment\//, values: ERRORS },
  // A client fits what a domain has declared that it needs: it knows the types of the domain, and nothing that it does.
  {
    part: /^shared\/clients\//,
    values: /^shared\/(errors|clients\/http)\.ts$/,
    types: /^shared\/(deployment|registration|rotation|delivery|hygiene|triggers)\//,
  },
  // Status tells what the other domains know.
  { part: /^shared\/status\//, values: /^shared\/(errors\.ts|(deployment|registration|rotation|delivery|hygiene)\/)/ },
  // The bot's token is rotated by a plan of its own, in the words of the rotation of client secrets.
  {
    part: /^shared\/rotation\/bot-token\//,
    values: /^shared\/(errors\.ts|deployment\/|rotation\/(client-secret\/(state|ports)|rotation)\.ts)/,
  },
  { part: /^shared\/rotation\//, values: /^shared\/(errors\.ts|(deployment|rotation)\/)/ },
  // Delivery is the consumer that the rotation hands its secrets to.
  { part: /^shared\/delivery\//, values: DEPLOYMENT, types: /^shared\/rotation\/.*\bports\.ts$/ },
  { part: /^shared\/(registration|configuration|hygiene|triggers)\//, values: DEPLOYMENT },
];

/** Modules that decide: no I/O, no clock, no randomness, no settings. */
const PURE = [
  "shared/rotation/client-secret/plan.ts",
  "shared/rotation/client-secret/reasons.ts",
  "shared/rotation/client-secret/later.ts",
  "shared/rotation/client-secret/forecast.ts",
  "shared/rotation/client-secret/state.ts",
  "shared/rotation/bot-token/plan.ts",
  "shared/rotation/bot-token/forecast.ts",
  "shared/rotation/bot-token/state.ts",
  "shared/registration/adoption.ts",
  "shared/registration/consent-plan.ts",
  "shared/registration/differences.ts",
  "shared/registration/plan.ts",
  "shared/delivery/bot-user.ts",
  "shared/delivery/secret-by-rest.ts",
  "shared/delivery/sign-in-obstacles.ts",
  "shared/delivery/token-obstacles.ts",
  "shared/delivery/vault-references.ts",
  "shared/deployment/addresses.ts",
  "shared/deployment/bot-credential.ts",
  "shared/deployment/credentials.ts",
  "shared/deployment/openmetadata-defaults.ts",
  "shared/deployment/principal-claims.ts",
  "shared/deployment/registration-names.ts",
  "shared/deployment/release.ts",
  "shared/hygiene/bot.ts",
  "shared/hygiene/default-admin.ts",
  "shared/hygiene/finding.ts",
  "shared/hygiene/hardening-plan.ts",
  "shared/hygiene/keys-drift.ts",
  "shared/hygiene/principal-domain.ts",
  "shared/hygiene/sign-in-drift.ts",
  "shared/configuration/authentication.ts",
  "shared/configuration/authorizer.ts",
  "shared/configuration/bare-metal.ts",
  "shared/configuration/callback.ts",
  "shared/configuration/collate.ts",
  "shared/configuration/comment.ts",
  "shared/configuration/desired.ts",
  "shared/configuration/docker.ts",
  "shared/configuration/file-header.ts",
  "shared/configuration/ingestion.ts",
  "shared/configuration/kubernetes.ts",
  "shared/configuration/oidc.ts",
  "shared/configuration/precedence.ts",
  "shared/configuration/render.ts",
  "shared/configuration/setting.ts",
  "shared/configuration/unsupported.ts",
  "shared/configuration/vault-commands.ts",
  "shared/configuration/yaml-text.ts",
];

function forbidden({ file, imports }: Pick<Module, "file" | "imports">): string[] | undefined {
  const rule = RULES.find(({ part }) => part.test(file));
  if (!rule) return undefined;
  const own = dirname(file) === "shared" ? undefined : `${dirname(file)}/`;
  return imports
    .filter(({ target }) => /^(functions|shared|local|proof|journey|scripts|test)\//.test(target))
    .filter(({ target }) => !(own !== undefined && target.startsWith(own)) && !rule.values.test(target))
    .filter(({ target, typeOnly }) => !(typeOnly && rule.types?.test(target)))
    .map(({ target }) => target);
}

describe("imports go one way", () => {
  it.each(product.map((module) => [module.file, module] as const))("%s", (_, module) => {
    expect(forbidden(module), "the file belongs to no part of the layout").toEqual([]);
  });

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

describe("plans are pure", () => {
  it.each(PURE)("%s imports nothing but pure modules, and reads neither clock nor chance nor environment", (file) => {
    const found = product.find((one) => one.file === file);
    const loaded = found?.imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target);
    expect(loaded?.filter((target) => !PURE.includes(target))).toEqual([]);
    expect(found?.text).not.toMatch(
      /\bDate\.now\b|new Date\(\)|Math\.random|crypto|process\.|fetch\(|\basync\b|\bawait\b/,
    );
  });
});

describe("one place for each outside thing", () => {
  const users = (pattern: RegExp) =>
    product
      .filter(({ text }) => pattern.test(text))
      .map(({ file }) => file)
      .sort();

  it("the environment is read where the world is opened", () => {
    expect(users(/process\.env/)).toEqual(["shared/world/connections.ts", "shared/world/settings.ts"]);
  });

  it("fetch is called in clients/http.ts only", () => {
    expect(users(/\bfetch\(/)).toEqual(["shared/clients/http.ts"]);
  });

  it("the clock is read where a call comes in, and in world/delivery.ts", () => {
    expect(users(/new Date\(\)|Date\.now\(\)/).filter((file) => !file.startsWith("functions/"))).toEqual([
      "shared/triggers/guarded.ts",
      "shared/world/delivery.ts",
    ]);
  });

  it("each SDK is known to its client, and to what connects them with the credential", () => {
    const importers = (name: string) =>
      product.filter(({ imports }) => imports.some(({ target }) => target === name)).map(({ file }) => file);
    expect(importers("@azure/keyvault-secrets").sort()).toEqual([
      "shared/clients/key-vault/key-vault.ts",
      "shared/clients/key-vault/versions.ts",
    ]);
    expect(importers("@microsoft/microsoft-graph-client").sort()).toEqual([
      "shared/clients/graph/graph.ts",
      "shared/clients/graph/refusals.ts",
    ]);
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
    const knowing = cloud.filter(({ imports }) => imports.some(({ target }) => /^(functions|shared)\//.test(target)));
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
