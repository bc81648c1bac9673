import { InputError, quoted } from "../errors.ts";

/** What the query of GET /api/status may hold. */
export const PARAMETERS = ["deployment", "limit", "after", "history"] as const;

/** So many deployments are on a page, unless the caller asks for another number, up to the most. */
export const USUAL = 20;
export const MOST = 100;

/** Which deployments are asked for: one by its name, or so many behind another. */
export type Wish = (
  | { kind: "one"; deployment: string }
  | { kind: "page"; limit: number; after: string | undefined }
) & { history: boolean };

/** Reads the query of GET /api/status. @throws {InputError} when something in it makes no sense. */
export function readWish(query: URLSearchParams): Wish {
  const [deployment, limit, after] = PARAMETERS.map((name) => query.get(name));
  const history = wantsHistory(query);
  if (deployment !== null && deployment !== undefined) {
    if (limit === null && after === null) return { kind: "one", deployment, history };
    throw new InputError(
      "query-invalid",
      'Cannot read the query: "limit" and "after" have no effect on one deployment',
      {
        hint: 'Send "deployment" without them, or leave it out',
      },
    );
  }
  const wanted = limit === null || limit === undefined ? USUAL : Number(/^\d{1,3}$/.test(limit) ? limit : Number.NaN);
  if (wanted >= 1 && wanted <= MOST) return { kind: "page", limit: wanted, after: after ?? undefined, history };
  throw new InputError(
    "query-invalid",
    `Cannot read the query: ${quoted(limit ?? "")} is not a number from 1 to ${MOST}`,
    {
      hint: `Send "limit" with a number from 1 to ${MOST}, or leave it out for ${USUAL}`,
    },
  );
}

/** Does a query ask for what happened? @throws {InputError} when it says neither yes nor no. */
export function wantsHistory(query: URLSearchParams): boolean {
  const said = query.get("history") ?? "false";
  if (said === "true" || said === "false") return said === "true";
  throw new InputError("query-invalid", `Cannot read the query: "history" is ${quoted(said)}`, {
    hint: 'Send "history" with "true", or leave it out',
  });
}

/**
 * One page of the deployments, in the order of the settings; `next` is what to send as `after` for the one behind it.
 * @throws {InputError} when there is no deployment `after`.
 */
export function pageOf<D extends { name: string }>(
  deployments: readonly D[],
  { limit, after }: { limit: number; after: string | undefined },
): { page: readonly D[]; next: string | undefined } {
  const last = after === undefined ? -1 : deployments.findIndex(({ name }) => name === after);
  if (after !== undefined && last < 0) {
    throw new InputError("deployment-unknown", `Cannot find deployment ${quoted(after)}`, {
      hint: 'Send the "next" of the previous answer as "after", or leave it out',
    });
  }
  const page = deployments.slice(last + 1, last + 1 + limit);
  return { page, next: last + 1 + limit < deployments.length ? page.at(-1)?.name : undefined };
}
