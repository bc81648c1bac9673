import type { Scene } from "./scene.ts";

/** The consumers hold the current secret, and nothing but what the rules make wait is outstanding. */
export async function isConverged(scene: Scene): Promise<boolean> {
  return scene.truth.undelivered().length === 0 && (await dueNow(scene)) === undefined;
}

/** What is missing, for whoever reads that a scenario failed. */
export async function whyNot(scene: Scene): Promise<string> {
  const due = await dueNow(scene);
  const why = [...scene.truth.undelivered(), ...(due ? [`${due} is due`] : [])];
  return why.join(", ") || "the calls were not answered as hoped";
}

/** What the app itself says that it ought to do; confirming and retiring wait by the rules. */
async function dueNow({ setting }: Scene): Promise<string | undefined> {
  const { body } = await setting.call("GET", "status");
  const [deployment] = body.deployments as { credentials: { dueNow?: { kind: string }; blocked?: string }[] }[];
  const [credential] = deployment?.credentials ?? [];
  if (credential?.blocked) return credential.blocked;
  const kind = credential?.dueNow?.kind;
  return kind === "confirm" || kind === "retire" ? undefined : kind;
}

/** How a pipeline goes on: the same call again, when the last answer said to. */
export async function repeatCall(scene: Scene, { path, body }: { path: string; body?: object }): Promise<void> {
  await scene.clock.advance((scene.answers.at(-1)?.answer.retryAfter ?? 0) * 1000);
  await scene.post(path, body);
}
