import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const DOCS = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith(".md"),
);
/** Those that tell an operator what to type. */
const TYPED = ["install", "operate", "page", "queues", "notifications", "conformance"].map((name) => `docs/${name}.md`);
const scripts = JSON.parse(read("package.json")).scripts;

/** Blocks of commands, with what stands above the first one. */
function blocks(path: string): string[] {
  return [...read(path).matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
}

describe.each(DOCS)("%s", (path) => {
  it("links to files that are there", () => {
    const targets = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, target = ""]) => target);
    expect(targets.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });

  it("names files of this repository that are there", () => {
    const named = [
      ...read(path).matchAll(/`((?:test|infra|shared|examples|docs|proof|local|scripts)\/[\w./-]+\.\w+)`/g),
    ].map(([, file = ""]) => file);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it("names commands of npm that there are", () => {
    const named = [...read(path).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("the commands that operators are told to type", () => {
  const options = TYPED.flatMap(blocks).flatMap((block) =>
    [...block.replaceAll("\\\n", " ").matchAll(/npm run (permit|doctor|conformance) -- (.*)/g)].flatMap(
      ([, name = "", given = ""]) => [...given.matchAll(/--[\w-]+/g)].map(([option]) => [name, option] as const),
    ),
  );

  it.each(options)("npm run %s takes %s", (name, option) => {
    expect(read(`operator/${name}/options.ts`)).toContain(`  ${option}`);
  });

  it("are marked where they need a subscription, and nowhere else", () => {
    for (const block of TYPED.flatMap(blocks)) {
      const needs = /\b(az|azd|npm run (permit|doctor|conformance))\b/.test(block);
      expect(block.startsWith("# (Azure)\n"), block).toBe(needs);
    }
  });

  it("name this version wherever they name one, and the button the template that is compiled", () => {
    const { version } = JSON.parse(read("package.json"));
    const named = DOCS.flatMap((path) => [
      ...read(path).matchAll(/OWNER(?:\/|%2F)openmetadata-entra[^\s)]*?[/@F]v(\d[^\s/%`)]*)/g),
    ]).map(([, one]) => one);
    expect(named.length).toBeGreaterThan(2);
    expect(new Set(named)).toEqual(new Set([version]));
    const [, link = ""] =
      /portal\.azure\.com\/#create\/Microsoft\.Template\/uri\/([^)]+)\)/.exec(read("docs/install.md")) ?? [];
    const [, path = ""] =
      /^https:\/\/raw\.githubusercontent\.com\/OWNER\/openmetadata-entra\/v[^/]+\/(.+)$/.exec(
        decodeURIComponent(link),
      ) ?? [];
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(path).toBe("infra/azuredeploy.json");
  });

  it("give no Bicep parameters with a compiled template: az refuses the two together", () => {
    for (const block of DOCS.flatMap(blocks)) expect(block).not.toMatch(/azuredeploy\.json[\s\S]*\.bicepparam/);
  });

  it("give the template only parameters that it has", () => {
    const template = Object.keys(JSON.parse(read("infra/azuredeploy.json")).parameters);
    const given = TYPED.flatMap(blocks).flatMap(
      (block) => block.match(/(?<=--parameters [^\n]*(?:\\\n[^\n]*)?)\b\w+(?==)/g) ?? [],
    );
    expect(given).toContain("environmentName");
    expect(given.filter((name) => !template.includes(name))).toEqual([]);
  });
});

describe("docs/install.md", () => {
  const typed = blocks("docs/install.md").join("");

  it("signs in to each tool before it is used", () => {
    for (const [signIn, first] of [
      ["az login", /^az (?!login)/m],
      ["azd auth login", /^azd (?!auth)/m],
      ["az login", /^npm run permit/m],
    ] as const) {
      expect(typed.indexOf(signIn)).toBeGreaterThan(-1);
      expect(typed.indexOf(signIn)).toBeLessThan(typed.search(first));
    }
  });

  it("registers each provider that the infrastructure needs, that of the app's network included", () => {
    const registered = [...typed.matchAll(/az provider register --namespace (\S+)/g)].map(([, name]) => name);
    const made = ["private", "existing"].flatMap((example) => {
      const { predictedResources } = JSON.parse(read(`infra/examples/${example}.snapshot.json`));
      return predictedResources.map(({ type }: { type: string }) => type.split("/")[0]);
    });
    const always = ["Microsoft.Authorization", "Microsoft.Resources"];
    const needed = [...new Set(["Microsoft.App", ...made])].filter((name) => !always.includes(name));
    expect(registered.sort()).toEqual(needed.sort());
  });
});

describe("docs/operate.md counts", () => {
  it("the rules of alerts as the infrastructure makes them", () => {
    const count = (example: string, type: string): number =>
      JSON.parse(read(`infra/examples/${example}.snapshot.json`)).predictedResources.filter(
        (one: { type: string }) => one.type === type,
      ).length;
    const log = "Microsoft.Insights/scheduledQueryRules";
    const words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    const [all, fewer] = [count("open", log), count("existing", log)].map((number) => words[number]);
    const metric = words[count("open", "Microsoft.Insights/metricAlerts")];
    expect(read("docs/operate.md")).toContain(
      `${all} log rules (${fewer} with an existing vault), ${metric} metric rules`,
    );
  });
});

describe("the table of alerts in docs/operate.md", () => {
  it("has each alert that the infrastructure makes, and no other", () => {
    const table = /## Alerts\n([\s\S]*?)\n## /.exec(read("docs/operate.md"))?.[1] ?? "";
    const told = [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
    const made = ["alerts", "topic-alerts"].flatMap((file) =>
      [...read(`infra/modules/${file}.bicep`).matchAll(/\bname: '([a-z-]+)'/g)].map(([, name]) => name),
    );
    expect(told.sort()).toEqual([...made, "expired"].sort());
  });
});
