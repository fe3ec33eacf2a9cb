import { badParameter, jsonAnswer } from '../../answers.ts';
import { payloadFacts } from '../../kernels/payload.ts';
import { spin } from '../../kernels/spin.ts';
import { type Mutation, readDigits } from '../reference-server.ts';
import type { Mutant } from './mutant.ts';

const numbers = (read: (value: string) => number): Mutation => ({
  readNumber: (values, minimum, maximum) => {
    const number = read(values.at(0) ?? '');
    return values.length === 1 && number >= minimum && number <= maximum ? number : null;
  },
});

const decoded = (value: string) => decodeURIComponent(value.replaceAll('+', ' '));

/** Faults in the reading of numbers, each a habit of some language. */
export const numberMutants: readonly Mutant[] = [
  {
    fault: 'numbers read as a script converts them',
    endpoints: ['/timer', '/cpu/json'],
    caughtBy: [
      ...['plus', 'minus-zero', 'point', 'point-only', 'exponent', 'hexadecimal', 'empty'].map(
        (id) => `timer-ms-${id}`,
      ),
      'cpu-json-repeat-plus',
    ],
    mutation: () => numbers(Number),
  },
  {
    fault: 'numbers read up to the first character that is none',
    endpoints: ['/timer'],
    caughtBy: [
      'suffix',
      'point',
      'comma',
      'separator',
      'plus-after',
      'space-after',
      'semicolon',
      'newline-after',
      'nul-after',
    ].map((id) => `timer-ms-${id}`),
    mutation: () => numbers((value) => Number.parseInt(value, 10)),
  },
  {
    fault: 'escapes undone before the digits are looked at',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-escaped-digit'],
    mutation: () =>
      numbers((value) => (/^%3\d$/.test(value) ? Number(decoded(value)) : (readDigits([value], 0, 1e9) ?? -1))),
  },
  {
    fault: 'spaces trimmed',
    endpoints: ['/timer'],
    caughtBy: ['space-before', 'space-after', 'plus-after'].map((id) => `timer-ms-${id}`),
    mutation: () => numbers((value) => readDigits([value.replace(/^(%20)+|(%20|\+)+$/g, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'a pattern whose end also matches before a newline',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-newline-after'],
    mutation: () => numbers((value) => readDigits([value.replace(/%0A$/, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'a sign allowed',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-plus', 'timer-ms-minus-zero', 'timer-ms-plus-escaped'],
    mutation: () => numbers((value) => readDigits([value.replace(/^(\+|-|%2B)/, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'the absolute value taken',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-minus'],
    mutation: () => numbers((value) => readDigits([value.replace(/^-/, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'underscores between digits, and digits of every script',
    endpoints: ['/timer'],
    caughtBy: ['separator', 'arabic-digit', 'fullwidth-digit'].map((id) => `timer-ms-${id}`),
    mutation: () =>
      numbers((value) => {
        if (/^\p{Nd}$/u.test(value.includes('%') ? decodeSafely(value) : '')) return 5;
        return readDigits([value.replaceAll('_', '')], 0, 1e9) ?? -1;
      }),
  },
  {
    fault: 'a superscript taken for a digit',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-superscript'],
    mutation: () => numbers((value) => readDigits([value.replace('%C2%B2', '2')], 0, 1e9) ?? -1),
  },
  {
    fault: '32-bit overflow',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-wraps-32', 'timer-ms-wraps-64'],
    mutation: () => numbers((value) => (/^\d{1,30}$/.test(value) ? Number(BigInt.asUintN(32, BigInt(value))) : -1)),
  },
  {
    fault: '64-bit overflow, and infinity for long numbers taken for the limit',
    endpoints: ['/cpu/spin'],
    caughtBy: ['cpu-spin-n-wraps-64', 'cpu-spin-n-past-double', 'cpu-spin-n-very-long', 'cpu-spin-n-infinity'],
    mutation: () =>
      numbers((value) => {
        if (value === 'Infinity' || /^\d{31,}$/.test(value)) return 1000;
        return /^\d+$/.test(value) ? Number(BigInt.asUintN(64, BigInt(value))) : -1;
      }),
  },
  {
    fault: 'no limits',
    endpoints: ['/cpu/spin', '/cpu/json'],
    caughtBy: ['cpu-spin-n-below', 'cpu-json-repeat-below', 'cpu-json-repeat-above', 'cpu-spin-n-above'],
    mutation: () => ({
      readNumber: (values) => readDigits(values, 0, 1e12),
      spin: (steps) => spin(Math.min(steps, 5_000_000)),
      json: () => payloadFacts.reduced,
    }),
  },
  {
    fault: 'limits that are not included',
    endpoints: ['/timer', '/cpu/spin', '/cpu/json'],
    caughtBy: ['timer-ms-least', 'cpu-spin-n-least', 'cpu-json-repeat-least'],
    mutation: () => ({ readNumber: (values, minimum, maximum) => readDigits(values, minimum + 1, maximum) }),
  },
  {
    fault: 'limits one too wide above',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-above'],
    mutation: () => ({
      readNumber: (values, minimum, maximum) =>
        values[0] === String(maximum + 1) ? 5 : readDigits(values, minimum, maximum),
    }),
  },
  {
    fault: 'leading zeros refused',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-leading-zeros', 'timer-ms-many-leading-zeros'],
    mutation: () => ({
      readNumber: (values, minimum, maximum) =>
        /^0\d/.test(values[0] ?? '') ? null : readDigits(values, minimum, maximum),
    }),
  },
  {
    fault: 'the first of repeated parameters taken',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-repeated', 'timer-ms-repeated-apart', 'timer-ms-good-then-bad'],
    mutation: () => ({ readNumber: (values, minimum, maximum) => readDigits(values.slice(0, 1), minimum, maximum) }),
  },
  {
    fault: 'bad numbers taken for the default',
    endpoints: ['/cpu/json', '/timer'],
    caughtBy: ['cpu-json-repeat-letters', 'cpu-json-repeat-bare', 'timer-ms-letters', 'timer-ms-drawn-1'],
    mutation: () => ({ readNumber: (values, minimum, maximum) => readDigits(values, minimum, maximum) ?? 1 }),
  },
  {
    fault: 'a default for a parameter that has none, and none for the one that has',
    endpoints: ['/timer', '/cpu/json'],
    caughtBy: ['timer-ms-missing', 'cpu-json-repeat-missing', 'cpu-json-golden'],
    mutation: () => ({
      reply: (right, { url = '' }) => {
        if (url === '/timer?other=1') return { answer: jsonAnswer({ ms: 0 }) };
        return url.startsWith('/cpu/json') && !url.includes('repeat=') ? { answer: badParameter('repeat') } : right;
      },
    }),
  },
  {
    fault: 'unknown parameters refused',
    endpoints: ['/timer', '/health', '/fail'],
    caughtBy: [
      'timer-ms-unknown-parameters',
      'timer-ms-unknown-malformed',
      'health-unknown-parameters',
      'fail-unknown-parameters',
    ],
    mutation: () => ({
      reply: (right, { url = '' }) => (/[?&](other|n|AT)=/.test(url) ? { answer: badParameter('other') } : right),
    }),
  },
  {
    fault: 'names of parameters compared without regard to case',
    endpoints: ['/timer', '/fail'],
    caughtBy: ['timer-ms-other-case', 'fail-unknown-parameters'],
    mutation: () => ({
      reply: (right, { url = '' }) => (/[?&](MS|AT)=/.test(url) ? { answer: badParameter('ms') } : right),
    }),
  },
  {
    fault: 'a query that is empty or has empty pairs refused',
    endpoints: ['/timer', '/health'],
    caughtBy: ['timer-ms-empty-pairs', 'health-empty-query'],
    mutation: () => ({
      reply: (right, { url = '' }) => (/[?&]($|&)/.test(url) ? { answer: badParameter('') } : right),
    }),
  },
];

function decodeSafely(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
