import { xs32Draws } from './xs32.ts';

/** What the contract says of `payload.json`. */
export const payloadFacts = {
  records: 20_000,
  bytes: 2_434_165,
  sha256: '31c5f20b5001d3eb05f4467ae3f106c97db3525d63ce427d3db6f4874e8811e7',
  /** The checksum line that `reducePayload` gives. */
  reduced: '20000:3057911568:9994569:4015531070:9930:428890',
} as const;

const seed = 0x2545f491;

interface PayloadRecord {
  id: number;
  user: string;
  qty: number;
  price: number;
  active: boolean;
  tags: string[];
  note: string;
}

/**
 * The text of `payload.json`, pure ASCII: about 2.4 MB of records drawn from `xs32`. It is put together by hand, not by a serialiser, because
 * the escape `\u00e9` must stay an escape.
 */
export function payloadText(): string {
  const draw = xs32Draws(seed);
  const records: string[] = [];
  for (let id = 0; id < payloadFacts.records; id++) {
    const user = draw().toString(16).padStart(8, '0');
    const quantity = draw() % 1000;
    const priceDraw = draw();
    const tags = [draw(), draw(), draw()].map((tag) => `"t${tag % 100}"`).join(',');
    const active = priceDraw >>> 31 === 1;
    records.push(
      `{"id":${id},"user":"u${user}","qty":${quantity},"price":${priceDraw % 400_000},"active":${active},` +
        `"tags":[${tags}],"note":"caf\\u00e9 ${id}"}`,
    );
  }
  return `[${records.join(',')}]`;
}

/**
 * The reduce of the json kernel: parses the text and joins by colons the count, a rolling sum of ids, the sums of `qty` and `price`, the count
 * of active records, and the characters of notes and users plus the number of tags.
 */
export function reducePayload(text: string): string {
  const records = JSON.parse(text) as PayloadRecord[];
  let rolling = 0;
  let quantity = 0;
  let price = 0;
  let active = 0;
  let characters = 0;
  for (const record of records) {
    rolling = (Math.imul(rolling, 31) + record.id) >>> 0;
    quantity += record.qty;
    price += record.price;
    if (record.active) active += 1;
    characters += record.note.length + record.tags.length + record.user.length;
  }
  return [records.length, rolling, quantity, price, active, characters].join(':');
}
