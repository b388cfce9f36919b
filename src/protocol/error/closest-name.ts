/** Names that differ in more than this share of their length are not suggested. */
const MOST_DIFFERENCE = 0.5;

/** Returns the name of a list that is nearest to a mistyped one; undefined if none is near. */
export function closestName(typed: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestShare = MOST_DIFFERENCE;
  for (const name of names) {
    const share = editDistance(typed, name) / Math.max(typed.length, name.length, 1);
    if (share < bestShare) {
      best = name;
      bestShare = share;
    }
  }
  return best;
}

/** Returns the names that are near to a mistyped one, the nearest first, as OpenSearch suggests them. */
export function closeNames(typed: string, names: Iterable<string>): string[] {
  return [...names]
    .map((name) => ({ name, share: editDistance(typed, name) / Math.max(typed.length, name.length, 1) }))
    .filter(({ share }) => share < MOST_DIFFERENCE)
    .sort((a, b) => a.share - b.share || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** Returns how many single letters have to be inserted, removed or replaced. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
