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
        return { file, text, imports: imports.map(([, target = ""]) => fromRoot(file, target)) };
      }),
  );
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

/** Modules that decide: no I/O, no clock, no randomness, no settings. */
const PURE = [
  "shared/limits.ts",
  "shared/rotation/client-secret/plan.ts",
  "shared/rotation/client-secret/reasons.ts",
  "shared/rotation/client-secret/later.ts",
  "shared/rotation/client-secret/forecast.ts",
  "shared/rotation/client-secret/observed.ts",
  "shared/rotation/client-secret/step.ts",
  "shared/rotation/order.ts",
  "shared/rotation/outcome.ts",
  "shared/rotation/stored.ts",
  "shared/rotation/bot-token/plan.ts",
  "shared/rotation/bot-token/forecast.ts",
  "shared/rotation/bot-token/observed.ts",
  "shared/rotation/bot-token/step.ts",
  "shared/registration/plan.ts",
  "shared/registration/consent-plan.ts",
  "shared/delivery/plan.ts",
  "shared/deployment/release.ts",
  "shared/hygiene/finding.ts",
  "shared/hygiene/hygiene.ts",
  "shared/hygiene/keys-drift.ts",
  "shared/hygiene/plan.ts",
  "shared/hygiene/sign-in-drift.ts",
  "shared/configuration/authentication.ts",
  "shared/configuration/authorizer.ts",
  "shared/configuration/bare-metal.ts",
  "shared/configuration/callback.ts",
  "shared/configuration/collate.ts",
  "shared/configuration/comment.ts",
  "shared/configuration/docker.ts",
  "shared/configuration/heading.ts",
  "shared/configuration/ingestion.ts",
  "shared/configuration/kubernetes.ts",
  "shared/configuration/oidc.ts",
  "shared/configuration/plan.ts",
  "shared/configuration/render.ts",
  "shared/configuration/setting.ts",
  "shared/configuration/yaml-text.ts",
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

describe("plans are pure", () => {
  it.each(PURE)("%s imports nothing but pure modules, and reads neither clock nor chance nor environment", (file) => {
    const found = product.find((one) => one.file === file);
    expect(found?.imports.filter((target) => !PURE.includes(target))).toEqual([]);
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
    expect(users(/process\.env/)).toEqual(["shared/world/connections.ts", "shared/world/world.ts"]);
  });

  it("fetch is called in clients/http.ts only", () => {
    expect(users(/\bfetch\(/)).toEqual(["shared/clients/http.ts"]);
  });

  it("the clock is read where a call comes in, and in world/clock.ts", () => {
    expect(users(/new Date\(\)|Date\.now\(\)/).filter((file) => !file.startsWith("functions/"))).toEqual([
      "shared/http/guarded.ts",
      "shared/world/clock.ts",
    ]);
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
