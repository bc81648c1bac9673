import { z } from "zod";
import { type Asked, ask } from "../ask.ts";

/** Azure Resource Manager, read as whoever asks; `undefined` stands for what that person may not see. */
export interface AzureResources {
  get(path: string, apiVersion: string, query?: Record<string, string>): Promise<Asked>;
  list<T extends z.ZodType>(
    path: string,
    apiVersion: string,
    item: T,
    query?: Record<string, string>,
  ): Promise<z.output<T>[] | undefined>;
  read<T extends z.ZodType>(path: string, apiVersion: string, shape: T): Promise<z.output<T> | undefined>;
  post(path: string, apiVersion: string): Promise<Asked>;
}

const MOST_PAGES = 20;

/** `origin`: https://management.azure.com; whatever address a link to a further page names, it is asked for there. */
export function azureResources(origin: string, token: () => Promise<string>): AzureResources {
  const address = (path: string, apiVersion: string, query: Record<string, string> = {}): string => {
    const url = new URL(path, origin);
    url.search = new URLSearchParams({ "api-version": apiVersion, ...query }).toString();
    return url.href;
  };
  const here = (link: string): string => {
    const { pathname, search } = new URL(link, origin);
    return new URL(pathname + search, origin).href;
  };
  const at = async (url: string, method: "GET" | "POST" = "GET"): Promise<Asked> =>
    ask(url, { method, token: await token() });
  return {
    get: (path, apiVersion, query) => at(address(path, apiVersion, query)),
    post: (path, apiVersion) => at(address(path, apiVersion), "POST"),
    async read(path, apiVersion, shape) {
      const answer = await at(address(path, apiVersion));
      return answer.kind === "answered" && answer.status === 200 ? shape.safeParse(answer.json).data : undefined;
    },
    async list(path, apiVersion, item, query) {
      const found: z.output<typeof item>[] = [];
      let next: string | undefined = address(path, apiVersion, query);
      for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
        const answer: Asked = await at(next);
        if (answer.kind === "silent" || answer.status !== 200) return undefined;
        const read = z.object({ value: z.array(item), nextLink: z.string().nullish() }).safeParse(answer.json);
        if (!read.success) return undefined;
        found.push(...read.data.value);
        next = read.data.nextLink ? here(read.data.nextLink) : undefined;
      }
      return next === undefined ? found : undefined;
    },
  };
}
