import type { PlannedTarget } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { requireSameImages } from './image-check.ts';

const image = (digit: string) => ({
  reference: `photofinish/go:${digit.repeat(16)}`,
  id: `sha256:${digit.repeat(64)}`,
});
const target = (found: PlannedTarget['image']) => ({ targetId: 'go/goroutines', image: found }) as PlannedTarget;

test.each([
  ['the same image', image('a'), image('a')],
  ['no image, as of local processes', null, null],
])('a run goes on with %s', (_what, before, now) => {
  expect(() => requireSameImages([target(before)], [target(now)])).not.toThrow();
});

test.each([
  ['another image', image('a'), image('b')],
  ['no image any more', image('a'), null],
])('a run is not continued with %s, and both are named', (_what, before, now) => {
  expect(() => requireSameImages([target(before)], [target(now)])).toThrow(
    expect.objectContaining({ code: 'E_IMAGE_CHANGED', kind: 'environment', given: expect.stringContaining('aaaa') }),
  );
});
