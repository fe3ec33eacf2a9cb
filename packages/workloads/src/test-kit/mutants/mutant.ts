import type { IncomingMessage } from 'node:http';
import type { ExpectedAnswer } from '@photofinish/schema';
import type { Endpoint } from '../../workload.ts';
import type { Mutation, Reply } from '../reference-server.ts';

/** A server with one fault, and the cases that must find it. */
export interface Mutant {
  readonly fault: string;
  readonly endpoints: readonly Endpoint[];
  readonly caughtBy: readonly string[];
  /** Made anew for each server, as some remember what they saw. */
  readonly mutation: () => Mutation;
}

/** A reply with further header lines. */
export const withHeaders = (right: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...right,
  headers: { ...right.headers, ...headers },
});

/** A reply whose answer is changed in part. */
export const withAnswer = (right: Reply, change: (answer: ExpectedAnswer) => Partial<ExpectedAnswer>): Reply => ({
  ...right,
  answer: { ...right.answer, ...change(right.answer) },
});

/** The path of a request without its query. */
export const pathOf = ({ url = '' }: IncomingMessage) => url.split('?')[0] ?? '';
