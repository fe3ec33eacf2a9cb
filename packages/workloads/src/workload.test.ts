import { describe, expect, test } from 'vitest';
import { jsonAnswer } from './answers.ts';
import { defineWorkload } from './workload.ts';

const chain = defineWorkload({
  id: 'chain',
  version: 1,
  title: 'wait, then fetch',
  kind: 'io',
  endpoint: '/timer',
  parameters: { ms: { minimum: 0, maximum: 5000 }, times: { minimum: 1, maximum: 10, absent: 1 } },
  answer: ({ ms, times }) => jsonAnswer({ ms, times }),
  wait: ({ ms, times }) => (ms * times) / 1000,
});

describe('a defined workload', () => {
  test("spells out every parameter in the definition's order, whatever the order of the experiment", () => {
    expect(chain.request({ times: 3, ms: 20 })).toEqual({ path: '/timer?ms=20&times=3' });
    expect(chain.request({ ms: 20 })).toEqual({ path: '/timer?ms=20&times=1' });
  });

  test('computes answer and waiting time from the resolved parameters', () => {
    expect(chain.expected({ ms: 20 })).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"ms":20,"times":1}',
    });
    expect(chain.waitSeconds({ ms: 20, times: 3 })).toBeCloseTo(0.06, 12);
  });

  test.each([
    ['a missing parameter', {}, 'nothing', 'a whole number from 0 to 5000'],
    ['a parameter past its limit', { ms: 5001 }, '5001', 'a whole number from 0 to 5000'],
    ['a parameter below its limit', { ms: 5, times: 0 }, '0', 'a whole number from 1 to 10'],
    ['a broken number', { ms: 0.5 }, '0.5', 'a whole number from 0 to 5000'],
    ['not a number', { ms: Number.NaN }, 'NaN', 'a whole number from 0 to 5000'],
    ['an unknown parameter', { ms: 5, tims: 2 }, 'tims=2', 'ms, times'],
    ['the name of an inherited property', { ms: 5, toString: 2 }, 'toString=2', 'ms, times'],
  ])('refuses %s in every function and names what is allowed', (_title, parameters, given, allowed) => {
    for (const ask of [chain.request, chain.expected, chain.waitSeconds]) {
      expect(() => ask(parameters)).toThrow(expect.objectContaining({ code: 'E_WORKLOAD_PARAMETER', given, allowed }));
    }
  });

  test('names the parameter that was meant', () => {
    expect(() => chain.request({ ms: 5, tims: 2 })).toThrow(expect.objectContaining({ remedy: 'did you mean times?' }));
  });
});
