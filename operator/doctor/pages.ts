import { z } from "zod";
import { type Asked, ask } from "../ask.ts";

const page = z.looseObject({ deployments: z.array(z.unknown()), next: z.string().optional() });
/** More than the app can serve. */
const MOST_PAGES = 100;

/** Asks for the status of all deployments, page after page, as one answer; or the answer that is no page of it. */
export async function askStatus(url: string, token: string): Promise<Asked> {
  const deployments: unknown[] = [];
  let answer = await ask(`${url}/api/status`, { token });
  for (let pages = 1; ; pages += 1) {
    if (answer.kind === "silent" || answer.status !== 200) return answer;
    const { data } = page.safeParse(answer.json);
    if (!data) return answer;
    deployments.push(...data.deployments);
    if (data.next === undefined || pages === MOST_PAGES) return { ...answer, json: { ...data, deployments } };
    answer = await ask(`${url}/api/status?after=${encodeURIComponent(data.next)}`, { token });
  }
}
