import { type Clock, type Seconds, seconds } from '@photofinish/schema';
import type Docker from 'dockerode';
import { engineLost, isUnreachable } from './errors.ts';

/** What the files of this folder need of an engine. */
export interface EngineAccess {
  readonly client: Docker;
  readonly name: 'Docker' | 'Podman';
  /** Whether the engine's host is this machine. */
  readonly local: boolean;
  /** Address under which published ports are reached. */
  readonly host: string;
  readonly clock: Clock;
}

/** Longest time one call to an engine may take: a daemon that was stopped by a signal accepts connections and never answers. */
const callWithin = seconds(60);

/** A signal that ends one call to an engine in time. */
export const inTime = (within: Seconds = callWithin): AbortSignal => AbortSignal.timeout(within * 1000);

/** How long an engine that was lost may take to come back. */
const reconnectWithin = seconds(30);

const betweenAttempts = seconds(0.25);

/**
 * Makes one call to an engine and gives it up in time with a `TimeoutError`, even where the connection broke in the middle of an answer, which
 * docker-modem does not tell.
 */
export async function timely<T>(
  call: (abortSignal: AbortSignal) => Promise<T>,
  within: Seconds = callWithin,
): Promise<T> {
  const signal = inTime(within);
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([call(signal), late.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/**
 * Repeats a call while the engine does not answer, until 30 s have passed. Throws `EnvironmentLostError` `E_ENGINE_LOST` after that, and whatever
 * the engine answers.
 */
export async function withReconnect<T>(clock: Clock, doing: string, call: () => Promise<T>): Promise<T> {
  const deadline = clock.now() + reconnectWithin;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (clock.now() >= deadline) throw engineLost(doing, error);
      await clock.sleep(betweenAttempts);
    }
  }
}
