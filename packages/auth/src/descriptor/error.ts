/** What is wrong with a security descriptor, a SID or an SDDL string. */

/** Thrown for descriptors that can't be read or written. */
export class DescriptorError extends Error {
  override readonly name = "DescriptorError";
  /** Offset of the octet or character that is wrong; null where it is the value as a whole. */
  readonly offset: number | null;

  constructor(message: string, offset: number | null = null) {
    super(offset === null ? message : `${message} at offset ${offset}`);
    this.offset = offset;
  }
}
