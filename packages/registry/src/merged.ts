/** HKEY_CLASSES_ROOT: what a user has registered over what the machine has ([MS-RRP] 3.1.1.7). */
import type { KeyInfo, KeySizes, NewKey, RegistryKey, RegistryValue } from "./registry.ts";

/**
 * A key that shows another one below it. What both have is the upper one's; changes go to the upper key where it has what is
 * changed, otherwise to the lower one, where new things are made as well.
 */
export function mergedKey(
  upper: RegistryKey | null,
  lower: RegistryKey | null,
): RegistryKey | null {
  if (upper === null || lower === null) return upper ?? lower;
  return new MergedKey(upper, lower);
}

class MergedKey implements RegistryKey {
  readonly name: string;
  readonly type: RegistryKey["type"];
  readonly #upper: RegistryKey;
  readonly #lower: RegistryKey;

  constructor(upper: RegistryKey, lower: RegistryKey) {
    this.name = upper.name;
    this.type = upper.type;
    this.#upper = upper;
    this.#lower = lower;
  }

  async info(): Promise<KeyInfo | null> {
    return (await this.#upper.info()) ?? (await this.#lower.info());
  }

  async sizes(): Promise<KeySizes> {
    const [upper, lower] = [await this.#upper.sizes(), await this.#lower.sizes()];
    let subkeyCount = 0;
    while ((await this.subkeyAt(subkeyCount)) !== null) subkeyCount++;
    let valueCount = 0;
    while ((await this.valueAt(valueCount)) !== null) valueCount++;
    return {
      subkeyCount,
      valueCount,
      longestSubkeyName: Math.max(upper.longestSubkeyName, lower.longestSubkeyName),
      longestSubkeyClass: Math.max(upper.longestSubkeyClass, lower.longestSubkeyClass),
      longestValueName: Math.max(upper.longestValueName, lower.longestValueName),
      longestData: Math.max(upper.longestData, lower.longestData),
    };
  }

  async subkey(name: string): Promise<RegistryKey | null> {
    return mergedKey(await this.#upper.subkey(name), await this.#lower.subkey(name));
  }

  /** The upper key's, then what the lower one has beside them. */
  async subkeyAt(index: number): Promise<RegistryKey | null> {
    const there = await this.#upper.subkeyAt(index);
    if (there !== null) return this.subkey(there.name);
    const { subkeyCount } = await this.#upper.sizes();
    return await nth(
      index - subkeyCount,
      (place) => this.#lower.subkeyAt(place),
      async ({ name }) => (await this.#upper.subkey(name)) === null,
    );
  }

  async value(name: string): Promise<RegistryValue | null> {
    return (await this.#upper.value(name)) ?? (await this.#lower.value(name));
  }

  async valueAt(index: number): Promise<RegistryValue | null> {
    const there = await this.#upper.valueAt(index);
    if (there !== null) return there;
    const { valueCount } = await this.#upper.sizes();
    return await nth(
      index - valueCount,
      (place) => this.#lower.valueAt(place),
      async ({ name }) => (await this.#upper.value(name)) === null,
    );
  }

  async createSubkey(name: string, key: NewKey): Promise<RegistryKey | null> {
    if ((await this.subkey(name)) !== null) return null;
    return (await this.#lower.createSubkey?.(name, key)) ?? null;
  }

  async deleteSubkey(name: string): Promise<boolean> {
    const isUppers = (await this.#upper.subkey(name)) !== null;
    return (await (isUppers ? this.#upper : this.#lower).deleteSubkey?.(name)) ?? false;
  }

  async setValue(value: RegistryValue): Promise<void> {
    const isUppers = (await this.#upper.value(value.name)) !== null;
    await (isUppers ? this.#upper : this.#lower).setValue?.(value);
  }

  async deleteValue(name: string): Promise<boolean> {
    const isUppers = (await this.#upper.value(name)) !== null;
    return (await (isUppers ? this.#upper : this.#lower).deleteValue?.(name)) ?? false;
  }

  async setSecurity(security: KeyInfo["security"]): Promise<void> {
    await this.#upper.setSecurity?.(security);
  }

  async flush(): Promise<void> {
    await this.#upper.flush?.();
    await this.#lower.flush?.();
  }
}

/** The one with that number among those that count. */
async function nth<T>(
  index: number,
  at: (place: number) => T | null | Promise<T | null>,
  counts: (one: T) => Promise<boolean>,
): Promise<T | null> {
  let left = index;
  for (let place = 0; ; place++) {
    const one = await at(place);
    if (one === null) return null;
    if (!(await counts(one))) continue;
    if (left-- === 0) return one;
  }
}
