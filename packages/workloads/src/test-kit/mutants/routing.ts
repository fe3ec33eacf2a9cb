import { badParameter, jsonAnswer, methodNotAllowed, notFound, textAnswer } from '../../answers.ts';
import { sendReply } from '../reference-server.ts';
import { type Mutant, pathOf, withHeaders } from './mutant.ts';

/** Faults of paths and methods. */
export const routingMutants: readonly Mutant[] = [
  {
    fault: 'HEAD answered like GET',
    endpoints: ['*'],
    caughtBy: ['methods-of-health', 'methods-of-timer', 'head-before-parameters'],
    mutation: () => ({
      reply: (right, { method }) => (method === 'HEAD' ? { answer: textAnswer('ok') } : right),
    }),
  },
  {
    fault: 'a body sent to HEAD',
    endpoints: ['*'],
    caughtBy: ['methods-of-health', 'methods-of-info', 'methods-of-cpu-json', 'methods-of-cpu-spin', 'methods-of-fail'],
    mutation: () => ({
      send: (response, reply, request) => {
        const { socket } = request;
        if (request.method === 'HEAD') response.once('finish', () => socket.write(reply.answer.body));
        sendReply(response, reply);
      },
    }),
  },
  {
    fault: 'a wrong Allow',
    endpoints: ['*'],
    caughtBy: ['method-post', 'method-put', 'method-delete', 'method-patch', 'method-options', 'methods-of-info'],
    mutation: () => ({
      reply: (right) => (right.answer.status === 405 ? withHeaders(right, { Allow: 'GET, HEAD' }) : right),
    }),
  },
  {
    fault: 'no Allow',
    endpoints: ['*'],
    caughtBy: ['method-post', 'methods-of-timer'],
    mutation: () => ({ reply: ({ answer }) => ({ answer }) }),
  },
  {
    fault: 'the method judged before the path',
    endpoints: ['*'],
    caughtBy: ['path-before-method', 'path-before-head'],
    mutation: () => ({
      reply: (right, { method }) =>
        method === 'GET' ? right : { answer: methodNotAllowed, headers: { Allow: 'GET' } },
    }),
  },
  {
    fault: 'parameters judged before the method',
    endpoints: ['*'],
    caughtBy: ['method-before-parameters', 'head-before-parameters'],
    mutation: () => ({
      reply: (right, { url = '' }) => {
        if (url === '/timer?ms=x') return { answer: badParameter('ms') };
        return url === '/cpu/spin' ? { answer: badParameter('n') } : right;
      },
    }),
  },
  {
    fault: 'paths compared without regard to case and slashes at the end',
    endpoints: ['*'],
    caughtBy: ['path-trailing-slash', 'path-other-case', 'path-inner-slash'],
    mutation: () => ({
      reply: (right, request) =>
        /^\/(timer|cpu\/spin)\/?$/i.test(pathOf(request)) && right.answer.status === 404
          ? { answer: jsonAnswer({ ms: 5 }) }
          : right,
    }),
  },
  {
    fault: 'paths compared by their beginning',
    endpoints: ['*'],
    caughtBy: ['path-longer', 'path-below'],
    mutation: () => ({
      reply: (right, request) => (pathOf(request).startsWith('/health') ? { answer: textAnswer('ok') } : right),
    }),
  },
  {
    fault: 'its own text for unknown paths',
    endpoints: ['*'],
    caughtBy: [
      'path-root',
      'path-unknown',
      'path-with-query',
      'path-shorter',
      'connection-many-requests',
      'prompt-error',
    ],
    mutation: () => ({
      reply: (right) =>
        right.answer.body === notFound.body ? { answer: { ...textAnswer('Not Found'), status: 404 } } : right,
    }),
  },
];
