/** `payload.json` as the contract defines it, put together here a second time so that a mistake elsewhere cannot hide itself. */
export const payload = (): string => {
  let state = 0x2545f491;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const records: string[] = [];
  for (let id = 0; id < 20_000; id++) {
    const user = draw().toString(16).padStart(8, '0');
    const qty = draw() % 1000;
    const cost = draw();
    const tags = [draw() % 100, draw() % 100, draw() % 100].map((tag) => `"t${tag}"`);
    const rest = `"active":${cost >>> 31 === 1},"tags":[${tags}],"note":"caf\\u00e9 ${id}"`;
    records.push(`{"id":${id},"user":"u${user}","qty":${qty},"price":${cost % 400_000},${rest}}`);
  }
  return `[${records}]`;
};
