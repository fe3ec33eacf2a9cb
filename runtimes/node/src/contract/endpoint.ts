import type { Answer } from './answer.ts';
import type { Parameters, Values } from './query.ts';

/** Where a handler puts its result, exactly once. */
export interface Reply {
  send(answer: Answer): void;
  /** The handler failed: the client gets the contract's 500. */
  fail(failure: unknown): void;
}

/** A handler in callback form, which every asynchronous style can be brought to. It may throw; that is a failure too. */
export type Handler<P extends Parameters> = (values: Values<P>, reply: Reply) => void;

/** One row of the contract's table: a path, its parameters and what is done. */
export interface Endpoint {
  readonly path: string;
  readonly parameters: Parameters;
  readonly handle: Handler<Parameters>;
}

/** Joins a row of the table, checking that the handler takes the values its parameters yield. */
export const endpoint = <P extends Parameters>(path: string, parameters: P, handle: Handler<P>): Endpoint => ({
  path,
  parameters,
  handle: handle as Handler<Parameters>,
});

/** The async style's error layer: a rejection of a handler given straight to `node:http` is handled by nobody and ends the process. */
export const awaited =
  <P extends Parameters>(handler: (values: Values<P>) => Promise<Answer>): Handler<P> =>
  async (values, reply) => {
    try {
      reply.send(await handler(values));
    } catch (failure) {
      reply.fail(failure);
    }
  };
