import { textAnswer } from '../answers.ts';
import { answerCase, type ContractCase } from './case.ts';

/** Cases of `GET /health`. */
export function healthCases(): ContractCase[] {
  const endpoint = '/health';
  const expected = textAnswer('ok');
  return [
    answerCase({ id: 'health-ok', endpoint, title: 'it answers ok', request: { target: '/health' }, expected }),
    answerCase({
      id: 'health-unknown-parameters',
      endpoint,
      title: 'parameters are ignored, as the endpoint knows none',
      request: { target: '/health?ms=-1&n=x&at=' },
      expected,
    }),
    answerCase({
      id: 'health-empty-query',
      endpoint,
      title: 'an empty query is ignored',
      request: { target: '/health?' },
      expected,
    }),
  ];
}
