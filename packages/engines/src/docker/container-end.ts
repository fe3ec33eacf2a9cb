import { type ServerExit, seconds } from '@photofinish/schema';
import type { Container } from 'dockerode';
import { type EngineAccess, timely } from './calls.ts';
import { isUnreachable, statusOf } from './errors.ts';
import type { ServerEvents } from './events.ts';
import { type Ending, judgeEnd } from './exit.ts';
import { readLastWords } from './logs.ts';

/** How a server ended, with its last words: read once, after the end. */
export interface ContainerEnd {
  readonly exit: ServerExit;
  readonly outOfMemory: 'target' | 'child' | null;
  readonly lastWords: string;
}

/** What the harness itself did to a server, noted as it happens. */
export interface Asked {
  /** It was asked to end. */
  toEnd: boolean;
}

/** How long news may trail behind the exit that they explain: a kill for memory, a removal, a daemon that goes down. */
const newsWithin = seconds(0.25);

/**
 * Waits for the end of a started container by one blocking call and the event stream, and judges it. Resolves once the last words are read.
 * Never rejects.
 */
export async function watchEnd(
  access: EngineAccess,
  container: Container,
  events: ServerEvents,
  asked: Asked,
): Promise<ContainerEnd> {
  const first = await firstNews(container, events);
  const outlived = asked.toEnd;
  if (first.code !== null && !outlived) await quiet(access, events);
  const second = await lookAgain(container, events, first);
  const end = judgeEnd({ ...second, code: first.code, outlived });
  const isThere = !second.removed && !second.engineLost;
  const lastWords = isThere ? await readLastWords(container).catch(() => '') : '';
  return { ...end, lastWords };
}

type News = Pick<Ending, 'code' | 'removed' | 'engineLost'>;

function firstNews(container: Container, events: ServerEvents): Promise<News> {
  const nothing: News = { code: null, removed: false, engineLost: false };
  // After a break in the middle of the answer this promise stays as it is; the event stream tells of the break.
  const waited = container.wait({ condition: 'not-running' }).then(
    ({ StatusCode }: { StatusCode: number }): News => ({ ...nothing, code: StatusCode }),
    (error: unknown): News =>
      statusOf(error) === 404 ? { ...nothing, removed: true } : { ...nothing, engineLost: true },
  );
  return Promise.race([
    waited,
    events.removed.then(() => ({ ...nothing, removed: true })),
    events.detached.then(() => livesOn(container)).then(() => ({ ...nothing, removed: true })),
    events.broken.then(() => ({ ...nothing, engineLost: true })),
  ]);
}

/**
 * Resolves when a container that left its network lives on, so that somebody took it off; never when it left because it ended. The engine answers
 * only after an end is entered in its books.
 */
async function livesOn(container: Container): Promise<void> {
  const state = await timely((abortSignal) => container.inspect({ abortSignal })).catch(() => null);
  if (state?.State.Running !== true) await Promise.withResolvers<never>().promise;
}

/** A server that ended unasked: whatever explains it arrives now. */
function quiet(access: EngineAccess, events: ServerEvents): Promise<void> {
  return Promise.race([access.clock.sleep(newsWithin), events.removed, events.broken]);
}

async function lookAgain(
  container: Container,
  { told }: ServerEvents,
  first: News,
): Promise<Pick<Ending, 'removed' | 'engineLost' | 'killedForMemory'>> {
  const killedForMemory = told.killedForMemory;
  if (first.engineLost || told.broken) return { removed: false, engineLost: true, killedForMemory };
  try {
    const { State } = await timely((abortSignal) => container.inspect({ abortSignal }));
    const isGoing = State.Status === 'removing' || State.Dead;
    return {
      removed: first.removed || told.removed || isGoing,
      engineLost: false,
      killedForMemory: killedForMemory || State.OOMKilled,
    };
  } catch (error) {
    const engineLost = isUnreachable(error);
    return { removed: !engineLost, engineLost, killedForMemory };
  }
}
