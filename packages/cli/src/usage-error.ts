/** The command line names something that isn't there or can't be: exit code 2, message as it stands. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
