import { LoadJob } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { loadJob, requestedLoad, requestHeaders } from './request.ts';

const flags = { duration: '20s', seed: '1' };

describe('the load that flags ask for', () => {
  test('is a closed loop of 50 users when nothing is said', () => {
    expect(requestedLoad(flags)).toEqual({
      arrivals: { loop: 'closed', connections: 50, rampSeconds: 0.1 },
      windowSeconds: 20,
      cores: [],
    });
  });

  test.for([
    ['500', { loop: 'open', process: 'constant', rate: 500, connections: 600 }],
    ['0.5', { loop: 'open', process: 'constant', rate: 0.5, connections: 50 }],
    ['50/s', { loop: 'open', process: 'constant', rate: 50, connections: 60 }],
    ['100000', { loop: 'open', process: 'constant', rate: 100_000, connections: 4000 }],
  ] as const)('is an open loop with a pool for answers of a second at --rate %s', ([rate, arrivals]) => {
    expect(requestedLoad({ ...flags, rate }).arrivals).toEqual(arrivals);
  });

  test('takes connections as users or as the pool', () => {
    expect(requestedLoad({ ...flags, connections: '7' }).arrivals).toMatchObject({ loop: 'closed', connections: 7 });
    const open = requestedLoad({ ...flags, connections: '7', rate: '10', poisson: true });
    expect(open.arrivals).toMatchObject({ loop: 'open', process: 'poisson', connections: 7 });
  });

  test('has requests that are due together, and room for them all', () => {
    const arrivals = (burst: string) => requestedLoad({ ...flags, rate: '10', burst }).arrivals;
    expect(arrivals('5')).toMatchObject({ rate: 10, burst: 5, connections: 50 });
    expect(arrivals('80')).toMatchObject({ burst: 80, connections: 80 });
    expect(arrivals('1')).not.toHaveProperty('burst');
  });

  test.for([
    ['500ms', 0.5],
    ['2m', 120],
    ['3', 3],
    ['1.5s', 1.5],
  ] as const)('lasts as long as %s says', ([duration, seconds]) => {
    expect(requestedLoad({ ...flags, duration }).windowSeconds).toBe(seconds);
  });

  test.for([
    { duration: '0s' },
    { duration: 'soon' },
    { duration: '25h' },
    { rate: '0' },
    { rate: '-5' },
    { rate: 'many' },
    { connections: '0' },
    { connections: '50001' },
    { poisson: true },
    { burst: '5' },
    { burst: '0', rate: '10' },
    { burst: '50001', rate: '10' },
    { cores: 'a' },
  ])('is refused for %o', (bad) => {
    expect(() => requestedLoad({ ...flags, ...bad })).toThrow(expect.objectContaining({ code: 'E_OPTION' }));
  });

  test('makes a job that the load core reads', () => {
    const address = { url: 'http://127.0.0.1:80/', host: '127.0.0.1', port: 80, authority: 'shop.example', path: '/' };
    const expected = { status: 200, contentType: 'text/plain', body: 'xx' };
    const pattern = { expected, comparison: 'answer' } as const;
    const job = loadJob(address, pattern, requestedLoad({ ...flags, rate: '9' }), 1);
    expect(LoadJob.parse(job)).toEqual(job);
    expect(job.classes[0]?.headers).toEqual([{ name: 'Host', value: 'shop.example' }]);
    const given = [{ name: 'host', value: 'other.example' }];
    expect(loadJob(address, pattern, requestedLoad(flags), 1, given).classes[0]?.headers).toEqual(given);
  });
});

describe('the headers of a load', () => {
  test('are read as curl reads them', () => {
    expect(requestHeaders(['Authorization: Bearer a:b', 'X-Empty:'])).toEqual([
      { name: 'Authorization', value: 'Bearer a:b' },
      { name: 'X-Empty', value: '' },
    ]);
  });

  test.for(['nothing', ': x', 'a b: c', 'X: a\r\nb: c', 'X: \u00e9', 'Content-Length: 5', 'connection: close'])(
    'are refused: %s',
    (text) => {
      expect(() => requestHeaders([text])).toThrow(expect.objectContaining({ code: 'E_OPTION' }));
    },
  );
});
