interface Item {
  readonly id: number;
  readonly user: string;
  readonly qty: number;
  readonly price: number;
  readonly active: boolean;
  readonly tags: readonly string[];
  readonly note: string;
}

const reduce = (items: readonly Item[]): string => {
  let rolling = 0;
  let quantity = 0;
  let price = 0;
  let active = 0;
  let characters = 0;
  for (const item of items) {
    rolling = (Math.imul(rolling, 31) + item.id) | 0;
    quantity += item.qty;
    price += item.price;
    if (item.active) active++;
    // Every character of the payload is one UTF-16 unit, so `length` counts characters.
    characters += item.note.length + item.tags.length + item.user.length;
  }
  return [items.length, rolling >>> 0, quantity, price, active, characters].join(':');
};

/** Parses the payload and reduces it to the contract's checksum line, `repeat` times over; at least once. */
export const reduceJson = (payload: string, repeat: number): string => {
  let line = '';
  for (let round = 0; round < repeat; round++) line = reduce(JSON.parse(payload));
  return line;
};
