/** The tag of a union with a default arm: that of the arm, or what stands beside the default. */
export function unionTag<Tag extends number | bigint | boolean>(union: {
  readonly type: Tag | "default";
  readonly tag?: Tag;
}): Tag {
  return union.type === "default" ? (union.tag as Tag) : union.type;
}
