import { describe, expect, test } from 'vitest';
import type { NullRecord, Repetition, StallRecord } from '../records/record.ts';
import { withTables } from './document.ts';
import { tables } from './tables.ts';

const head = {
  schemaVersion: 1,
  version: '1.0',
  instrument: '0.1.0',
  takenAt: '2026-11-23T00:30:00.000Z',
  host: { model: 'AMD EPYC', cores: 2, kernel: 'Linux 6.18' },
  connections: 50,
  rate: null,
  burst: 1,
  seconds: 1,
  busyShare: 0.25,
} as const;

/** Pairs in which ours costs 5 us and 6 us a request, the peer twice that. */
const costs = (way: string): NullRecord => ({
  ...head,
  part: 'null-closed',
  way,
  words: '-c 50',
  pairs: [5, 6].map((micro, index) => ({
    first: index === 0 ? 'own' : 'peer',
    own: { requests: 1000, errors: 0, rate: 2000, cpuSeconds: (micro * 1000) / 1e6 },
    peer: { requests: 1000, errors: 3, rate: 1000, cpuSeconds: (2 * micro * 1000) / 1e6 },
  })),
});

const repetition = (p99: number, p95: number | null): Repetition => ({
  requests: 10_000,
  errors: 0,
  rate: 500,
  times: { mean: 0.05, p50: 0.0001, p95, p99 },
  slowShare: null,
  serverLate: 0.004,
  serverWaited: 0.01,
  sentAgain: 0,
  failedGates: [],
});

const truths = (way: string, ...repetitions: Repetition[]): StallRecord => ({
  ...head,
  part: 'stall-open',
  way,
  words: '-q 500',
  rate: 500,
  seconds: 20,
  repetitions,
});

const rowOf = (text: string, way: string) => text.split('\n').find((line) => line.startsWith(`| ${way} |`));

describe('the tables', () => {
  test('a cost is the ratio of the pairs with its interval, and errors are shown', () => {
    expect(rowOf(tables([costs('wrk')]), 'wrk')).toBe(
      '| wrk | `-c 50` | 5.5 | 11.0 | 0.50 (0.50 to 0.50) | 2,000 | 1,000 | 2.00 (2.00 to 2.00) | 0 / 6 |',
    );
  });

  test('each rate has a table of its own', () => {
    const at = (rate: number): NullRecord => ({ ...costs('oha'), part: 'null-open', rate });
    const text = tables([at(5000), at(1000)]);
    expect([...text.matchAll(/^([\d,]+) requests\/s/gm)].map(([, rate]) => rate)).toEqual(['5,000', '1,000']);
  });

  test('so have requests that ours sends together, as the peer does', () => {
    const at = (burst: number): NullRecord => ({ ...costs('oha'), part: 'null-open', rate: 5000, burst });
    const heads = tables([at(5), at(1)])
      .split('\n')
      .filter((line) => line.startsWith('5,000'));
    expect(heads).toEqual([
      '5,000 requests/s, 50 connections, 2 alternating pairs of 1 s.',
      "5,000 requests/s, ours 5 at the same instant as the peer's (`--burst 5`), 50 connections, 2 alternating pairs of 1 s.",
    ]);
  });

  test('peers stand in the order in which they are registered, ours before them', () => {
    const text = tables([
      truths('oha', repetition(0.9, 0.5)),
      truths('photofinish', repetition(0.9, 0.5)),
      truths('h2load', repetition(0.9, 0.5)),
    ]);
    const ways = [...text.matchAll(/^\| (photofinish|h2load|oha) /gm)].map(([, way]) => way);
    expect(ways).toEqual(['photofinish', 'h2load', 'oha']);
  });

  test('a repetition beyond 1 % of the stall does not pass, and the largest error is that of the worst one', () => {
    const text = tables([truths('photofinish', repetition(0.9, 0.5), repetition(0.885, 0.505))]);
    expect(rowOf(text, 'photofinish')).toBe(
      '| photofinish | `-q 500` | 2 | 50.0 | 0.1 | 502.5 | 892.5 | 1.50 % | 1 of 2 | 4.0 | 0 |',
    );
  });

  test('what the host decided is counted apart and in no figure', () => {
    const right = repetition(0.9, 0.5);
    const lost = { ...repetition(4, 3.2), sentAgain: 7 };
    const late = { ...repetition(2, 1.5), serverLate: 0.3 };
    const doubted = { ...repetition(2, 1.5), failedGates: ['scheduler-lag-longest'] };
    const starved = { ...repetition(4, 3.2), serverWaited: 3.9 };
    const text = tables([truths('photofinish', right, lost, late, doubted, starved), truths('oha', lost)]);
    expect(rowOf(text, 'photofinish')).toContain('| 1 (and 4 invalid) | 50.0 | 0.1 | 500.0 | 900.0 |');
    expect(rowOf(text, 'photofinish')).toContain('| 1 of 1 |');
    expect(rowOf(text, 'oha')).toContain('| 0 (and 1 invalid) | - | - | - | - | - | 0 of 0 |');
  });

  test('what a tool does not tell is a dash and no number', () => {
    expect(rowOf(tables([truths('autocannon', repetition(0.9, null))]), 'autocannon')).toContain('| 0.1 | - | 900.0 |');
  });

  test('host, day and versions are told, and nobody is named', () => {
    expect(tables([costs('wrk')])).toContain(
      'Host: AMD EPYC, 2 cores, Linux 6.18. Taken 2026-11-23. Versions: photofinish 0.1.0, wrk 1.0.',
    );
    expect(tables([])).toBe('Nothing was measured yet.');
  });
});

describe('the document', () => {
  const document = 'before\n<!-- tables of bench:instrument -->\nold\n<!-- end of the tables -->\nafter\n';

  test('gets new tables in the place of the old ones, and only there', () => {
    const text = withTables(document, 'new');
    expect(text).toBe('before\n<!-- tables of bench:instrument -->\n\nnew\n\n<!-- end of the tables -->\nafter\n');
    expect(withTables(text, 'new')).toBe(text);
  });

  test('without a place for them is refused', () => {
    expect(() => withTables('nothing', 'new')).toThrow('no place');
  });
});
