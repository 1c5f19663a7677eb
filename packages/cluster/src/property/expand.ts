/** EXPAND_SZ values ([MS-CMRP] 2.2.2.3): what clients get beside them has variables replaced by their values. */
import { Format, type Property } from "@msrpc/cluster-data";
import { fold } from "../registry/key.ts";

/** Values of variables by their name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Properties as clients get them. Variables that have no value stay as they are. */
export function expanded(properties: readonly Property[], environment: Environment): Property[] {
  return properties.map(({ name, value }) =>
    value?.format === Format.ExpandSz
      ? { name, value: { ...value, expanded: expand(value.text, environment) } }
      : { name, value },
  );
}

/** A text with variables replaced. Those that have no value stay as they are. */
export function expand(text: string, environment: Environment): string {
  return text.replaceAll(/%([^%]+)%/g, (whole, name: string) => {
    const found = Object.entries(environment).find(([one]) => fold(one) === fold(name));
    return found?.[1] ?? whole;
  });
}
