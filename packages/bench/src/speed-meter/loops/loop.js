// A Node loop over JSON: a document of sixty items written and read again. Prints for each window when it began and ended (CLOCK_MONOTONIC)
// and its processor time.

const [windows, steps] = process.argv.slice(2).map(Number);
const document = {
  id: 0,
  name: 'a document'.repeat(4),
  items: Array.from({ length: 60 }, (_, id) => ({ id, value: id * 1.5, tags: ['a', `b${id}`], even: id % 2 === 0 })),
};
const now = () => Number(process.hrtime.bigint()) / 1e9;
const used = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

for (let window = 0; window < windows; window++) {
  const [begun, before] = [now(), used()];
  for (let step = 0; step < steps; step++) {
    const read = JSON.parse(JSON.stringify(document));
    document.id = read.items[step % 60].id;
  }
  process.stdout.write(`${begun} ${now()} ${used() - before}\n`);
}
