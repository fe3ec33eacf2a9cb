import { text } from '../contract/answer.ts';
import { endpoint } from '../contract/endpoint.ts';

const ok = text('ok');

/** `GET /health`: does nothing. */
export const health = endpoint('/health', {}, (_values, reply) => reply.send(ok));
