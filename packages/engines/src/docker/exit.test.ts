import { expect, test } from 'vitest';
import { type Ending, exitFromCode, judgeEnd } from './exit.ts';

const plain: Ending = { code: 0, killedForMemory: false, outlived: false, removed: false, engineLost: false };
const own = (code: number | null, signal: string | null = null) => ({ code, signal, reason: 'own' });
const nobody = (reason: string) => ({ code: null, signal: null, reason });

// Rows of reliability 7: what Docker 20.10 says, and what happened.
test.each<[string, Partial<Ending>, object, 'target' | 'child' | null]>([
  ['a good end', {}, own(0), null],
  ['a crash', { code: 3 }, own(3), null],
  ['SIGTERM obeyed by dying of it', { code: 143, outlived: true }, own(null, 'SIGTERM'), null],
  ['a segmentation fault', { code: 139 }, own(null, 'SIGSEGV'), null],
  ['SIGKILL from outside', { code: 137 }, own(null, 'SIGKILL'), null],
  [
    'the server killed for memory',
    { code: 137, killedForMemory: true },
    { code: null, signal: 'SIGKILL', reason: 'out-of-memory' },
    'target',
  ],
  ['a child killed for memory, a good end later', { killedForMemory: true, outlived: true }, own(0), 'child'],
  ['a child killed for memory, the server gives up', { code: 1, killedForMemory: true }, own(1), 'child'],
  [
    'a child killed for memory, SIGKILL by the harness later',
    { code: 137, killedForMemory: true, outlived: true },
    own(null, 'SIGKILL'),
    'child',
  ],
  ['removed by somebody', { code: 137, removed: true }, nobody('removed'), null],
  ['the engine gone', { code: null, engineLost: true }, nobody('engine-lost'), null],
  [
    'the engine gone, after a kill for memory',
    { code: null, engineLost: true, killedForMemory: true },
    nobody('engine-lost'),
    'child',
  ],
])('%s is told as what it was', (_, ending, exit, outOfMemory) => {
  expect(judgeEnd({ ...plain, ...ending })).toEqual({ exit, outOfMemory });
});

test.each([
  [0, null],
  [128, null],
  [255, null],
  [130, 'SIGINT'],
  [134, 'SIGABRT'],
])('exit code %i means signal %s', (code, signal) => {
  expect(exitFromCode(code)).toEqual({ code: signal === null ? code : null, signal, reason: 'own' });
});
