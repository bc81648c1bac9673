import { comment } from "./comment.ts";

/** A deployment whose configuration cannot be rendered, why, and what to do. */
export interface LeftOut {
  message: string;
  hint: string;
}

/** Says in comments which deployments are missing below. Pure. */
export function leftOutComments(leftOut: readonly LeftOut[]): string {
  const lines = leftOut.flatMap(({ message, hint }) => {
    const [said = "", ...commands] = hint.split("\n");
    return comment([`LEFT OUT. ${message}. ${said}`, ...commands.map((command) => ` ${command}`)]);
  });
  return lines.map((line) => `${line}\n`).join("");
}
