import { methodNotAllowed, notFound, textAnswer } from '../answers.ts';
import { endpoints } from '../workload.ts';
import { answerCase, type ContractCase, findingOfMany } from './case.ts';
import { describeExpected, faultsOf } from './judge.ts';

const unknownPaths: readonly [string, string][] = [
  ['root', '/'],
  ['unknown', '/nope'],
  ['trailing-slash', '/timer/'],
  ['other-case', '/Timer?ms=5'],
  ['longer', '/healthz'],
  ['below', '/health/ok'],
  ['shorter', '/cpu'],
  ['inner-slash', '/cpu/spin/?n=5'],
  ['with-query', '/nope?ms=5'],
];

const wrongMethods = ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;

/** Cases of unknown paths, wrong methods, and the order in which a request is judged. */
export function routingCases(): ContractCase[] {
  return [
    ...unknownPaths.map(([id, target]) =>
      answerCase({
        id: `path-${id}`,
        endpoint: '*',
        title: `the path ${target} is unknown`,
        request: { target },
        expected: notFound,
      }),
    ),
    ...wrongMethods.map((method) =>
      answerCase({
        id: `method-${method.toLowerCase()}`,
        endpoint: '*',
        title: `${method} is a wrong method`,
        request: { method, target: '/timer?ms=5', headers: { 'Content-Length': '0' } },
        expected: methodNotAllowed,
      }),
    ),
    ...endpoints.filter((endpoint) => endpoint !== '*').map((endpoint) => wrongMethodsAt(endpoint)),
    judgedFirst('path-before-method', 'an unknown path comes before a wrong method', 'POST', '/nope', notFound),
    judgedFirst('path-before-head', 'an unknown path comes before HEAD', 'HEAD', '/nope', notFound),
    judgedFirst(
      'method-before-parameters',
      'a wrong method comes before bad parameters',
      'POST',
      '/timer?ms=x',
      methodNotAllowed,
    ),
    judgedFirst('head-before-parameters', 'HEAD comes before bad parameters', 'HEAD', '/cpu/spin', methodNotAllowed),
  ];
}

function judgedFirst(id: string, title: string, method: 'POST' | 'HEAD', target: string, expected: typeof notFound) {
  const headers = method === 'POST' ? { 'Content-Length': '0' } : {};
  return answerCase({ id, endpoint: '*', title, request: { method, target, headers }, expected });
}

/** HEAD and POST, then GET on the same connection: a body sent to HEAD would stand in the way. */
function wrongMethodsAt(path: string): ContractCase {
  const ok = textAnswer('ok');
  return {
    id: `methods-of-${path.slice(1).replace('/', '-')}`,
    endpoint: '*',
    title: `HEAD and POST to ${path} are refused, HEAD without a body, and the connection stays in step`,
    expected: `${describeExpected(methodNotAllowed)} with Allow: GET, twice, then ${describeExpected(ok)}`,
    judge: async (server) => {
      using connection = await server.connect();
      const head = await connection.ask({ method: 'HEAD', target: path });
      const post = await connection.ask({ method: 'POST', target: path, headers: { 'Content-Length': '0' } });
      const faults = [
        ...faultsOf(head, methodNotAllowed, { method: 'HEAD' }),
        ...faultsOf(post, methodNotAllowed),
        ...faultsOf(await connection.ask({ target: '/health' }), ok),
      ];
      return findingOfMany(faults, 3);
    },
  };
}
