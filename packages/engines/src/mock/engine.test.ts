import { seconds } from '@photofinish/schema';
import { expect, test } from 'vitest';
import type { ServerSpec } from '../engine.ts';
import { describeEngine } from '../test-kit/kit.ts';
import { mockEngine } from './engine.ts';

const spec = (title: string): ServerSpec => ({
  title,
  launch: { kind: 'process', folder: '.', command: ['server'] },
  environment: {},
  cores: [0],
  readyWithin: seconds(30),
  stopWithin: seconds(6),
});

describeEngine('mock', async () => ({
  engine: mockEngine(({ title }) => {
    if (title === 'silent') return { startFailure: 'never-healthy' };
    if (title === 'crashing') return { startFailure: 'crashed', lastWords: 'no luck today' };
    return { ignoresTerm: title === 'stubborn' };
  }),
  good: spec('good'),
  silent: spec('silent'),
  crashing: spec('crashing'),
  stubborn: spec('stubborn'),
}));

test('the mock engine waits half a minute for a silent server without any time passing', async () => {
  const engine = mockEngine(() => ({ startFailure: 'never-healthy' }));
  await engine.start(spec('silent'), new AbortController().signal).catch(() => {});
  expect(engine.clock.now()).toBe(30);
});
