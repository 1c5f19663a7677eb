/** Maps that things are enumerated from by number. */

/** Takes an entry out. Gives how to put it back where it was, as long as nothing else has changed. */
export function removeFrom<K, V extends object>(map: Map<K, V>, key: K): () => void {
  const value = map.get(key);
  if (value === undefined) return () => undefined;
  const place = placeOf(map, key);
  map.delete(key);
  return () => {
    const entries = [...map];
    entries.splice(place, 0, [key, value]);
    map.clear();
    for (const [other, one] of entries) map.set(other, one);
  };
}

/** How many come before it. They are counted and not copied: there may be many, and few entries are ever put back. */
function placeOf<K>(map: ReadonlyMap<K, unknown>, key: K): number {
  let place = 0;
  for (const other of map.keys()) {
    if (other === key) break;
    place++;
  }
  return place;
}
