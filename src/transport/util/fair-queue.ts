/**
 * A queue in which groups take turns, and the members of a group take turns among themselves: a member that queues much waits longer, and makes
 * others wait for one item of its own at most.
 */
export class FairQueue<T> {
  /** Groups, members and items in the order of their turns. */
  readonly #groups = new Map<string, Map<object, T[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(group: string, member: object, item: T): void {
    let members = this.#groups.get(group);
    if (members === undefined) {
      members = new Map();
      this.#groups.set(group, members);
    }
    const items = members.get(member);
    if (items === undefined) members.set(member, [item]);
    else items.push(item);
    this.#size++;
  }

  /** The item of each group that is next, in the order of their turns. */
  *nextOfGroups(): Iterable<T> {
    for (const members of this.#groups.values()) yield firstOf(members);
  }

  /** Removes and returns the item whose turn it is; undefined if no group has a next item that may have a turn. */
  shift(mayHaveTurn: (item: T) => boolean = () => true): T | undefined {
    for (const [group, members] of this.#groups) {
      if (!mayHaveTurn(firstOf(members))) continue;
      for (const [member, items] of members) {
        const item = items.shift() as T;
        this.#size--;
        members.delete(member);
        if (items.length > 0) members.set(member, items);
        this.#groups.delete(group);
        if (members.size > 0) this.#groups.set(group, members);
        return item;
      }
    }
    return undefined;
  }

  /** Removes and returns the items of a member. */
  remove(group: string, member: object): readonly T[] {
    const members = this.#groups.get(group);
    const items = members?.get(member);
    if (members === undefined || items === undefined) return [];
    members.delete(member);
    if (members.size === 0) this.#groups.delete(group);
    this.#size -= items.length;
    return items;
  }
}

/** A group is never empty, and neither is a member. */
function firstOf<T>(members: ReadonlyMap<object, readonly T[]>): T {
  const [[item]] = members.values() as unknown as [[T]];
  return item;
}
