import { expect, test } from 'vitest';
import { ownLines } from './build.ts';

const output = `
   • turbo 2.11.11
   • Running build in 1 package

@photofinish/runtime-go:build: cache miss, executing 0b7b
@photofinish/runtime-go:build: $ go build ./cmd/server
\u001b[35m@photofinish/runtime-go:build: \u001b[0mmain.go:7:2: undefined: nonsense
@photofinish/runtime-go#build:  ERROR  command exited (1)

 Tasks:    0 successful, 1 total
`;

test('of a failed build only what the build printed is shown', () => {
  expect(ownLines(output, '@photofinish/runtime-go')).toBe('$ go build ./cmd/server\nmain.go:7:2: undefined: nonsense');
});

test('a failure before the build began is shown whole', () => {
  expect(ownLines('turbo: no such package\n', '@photofinish/runtime-go')).toBe('turbo: no such package');
});
