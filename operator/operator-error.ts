/** A command cannot go on; `hint` tells the person who called it what to do. */
export class OperatorError extends Error {
  override name = "OperatorError" as const;
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
