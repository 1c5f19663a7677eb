/** The command was used wrongly: exit code 2, message as it stands. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Somebody was asked whether to go on, and said no: exit code 1. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Somebody interrupted a command that waited. */
export class Interruption extends Error {
  override readonly name = "Interruption";
}
