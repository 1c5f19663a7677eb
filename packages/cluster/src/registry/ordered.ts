/** Maps that things are enumerated from by number. */

/** Takes an entry out. Gives how to put it back where it was, as long as nothing else has changed. */
export function removeFrom<K, V>(map: Map<K, V>, key: K): () => void {
  const before = [...map];
  map.delete(key);
  return () => {
    map.clear();
    for (const [other, value] of before) map.set(other, value);
  };
}
