/** Names that differ more than this share of their length are not what was meant. */
const MOST_DIFFERENCE = 0.5;

/**
 * The name of a list that a mistyped one most likely stands for.
 *
 * @returns undefined when none is near
 */
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

/** How many single letters have to be put in, left out or replaced. */
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
