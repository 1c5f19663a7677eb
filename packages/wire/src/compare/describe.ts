/** Types in a few words, for reasons. */
import type { WireType } from "../plan.ts";
import { expressionText } from "./expression.ts";

export function describe(type: WireType): string {
  switch (type.kind) {
    case "primitive":
      return type.name;
    case "named":
      return type.name;
    case "union":
      return `union ${type.name}`;
    case "pointer":
      return `${type.class} pointer to ${describe(type.target)}`;
    case "array": {
      const bounds = type.dimensions.map(({ size, isConformant, varying }) => {
        const bound = isConformant ? "" : expressionText(size);
        return `[${bound}${varying === null ? "" : " varying"}]`;
      });
      return `array ${describe(type.element)}${bounds.join("")}`;
    }
    case "string":
      return `${type.isConformant ? "conformant" : `at most ${type.bound} long`} string of ${type.char}`;
    case "pipe":
      return `pipe of ${describe(type.element)}`;
    case "interfacePointer":
      return "interface pointer";
  }
}
