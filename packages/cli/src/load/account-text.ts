import { isIP } from 'node:net';
import type { LoadErrorDetails, LoadErrors, TimeSummary } from '@photofinish/schema';
import type { Colours } from '../ui/colours.ts';
import { aligned } from '../ui/columns.ts';
import { type LoadAccount, milliseconds } from './account.ts';

/** The account for people. */
export function accountText(account: LoadAccount, colours: Colours): string {
  const { generator, errors } = account;
  const failed = Object.entries(errors).filter(([, count]) => count > 0);
  const lines = [
    `${placeText(account)}, ${loopText(account)}, ${account.windowSeconds.toFixed(1)} s`,
    '',
    `throughput  ${account.throughput.toFixed(1)} correct answers a second (${account.answered} of ${account.intended} requests answered)`,
    failed.length === 0
      ? null
      : colours.red(
          `errors      ${failed.map(([kind, count]) => `${count} ${kind}${detailText(kind as keyof LoadErrors, account)}`).join(', ')}`,
        ),
    account.comparison === 'status' ? 'compared    the status of each answer and nothing else of it' : null,
    account.censored === 0 ? null : colours.red(`unanswered  ${account.censored} when the drain ended`),
    '',
    ...timesTable(account),
    waitText(account),
    `generator   ${generator.cpuSecondsPerRequest === null ? 'no' : `${(generator.cpuSecondsPerRequest * 1e6).toFixed(1)} us of`} processor time a request, ${generator.cpuCores.toFixed(2)} cores; woke late by ${milliseconds(generator.schedulerLag.p50)} (p50), ${milliseconds(generator.schedulerLag.p99)} (p99), ${milliseconds(generator.schedulerLag.maximum)} (longest)`,
    ...account.warnings.map((warning) => colours.yellow(`warning     ${warning}`)),
  ];
  return `${lines.filter((line) => line !== null).join('\n')}\n`;
}

/** The URL, and the address behind it where it has a name. */
function placeText({ url, server }: LoadAccount): string {
  const { hostname } = new URL(url);
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? `${url} at ${server}` : url;
}

/** What an error was more closely. */
const details: Record<Exclude<keyof LoadErrorDetails, 'unasked'>, readonly [kind: keyof LoadErrors, words: string]> = {
  head: ['malformed', 'not HTTP/1.x'],
  headTooLong: ['malformed', 'with a head over 16 KiB'],
  framing: ['malformed', 'whose end is not told, told twice, or told by closing the connection as in HTTP/1.0'],
  chunk: ['malformed', 'with wrong chunks'],
  trailing: ['malformed', 'with bytes behind the body'],
  closedMidway: ['closed', 'in the middle of an answer'],
  resetMidway: ['reset', 'in the middle of an answer'],
  timeoutMidway: ['timeout', 'in the middle of an answer'],
};

function detailText(kind: keyof LoadErrors, { errorDetails }: LoadAccount): string {
  if (errorDetails === null) return '';
  const parts = (Object.keys(details) as (keyof typeof details)[])
    .filter((name) => details[name][0] === kind && errorDetails[name] > 0)
    .map((name) => `${errorDetails[name]} ${details[name][1]}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function waitText({ waitedShare, connectionWait }: LoadAccount): string | null {
  if (waitedShare === null) return null;
  const share = `waited      ${(waitedShare * 100).toFixed(2)} % of the answered requests found no connection free`;
  if (connectionWait === null || waitedShare === 0) return share;
  return `${share}, and waited ${milliseconds(connectionWait.p50)} for one (p50), ${milliseconds(connectionWait.p99)} (p99)`;
}

function loopText({ arrivals, poolHighWater }: LoadAccount): string {
  if (arrivals.loop === 'closed') return `closed loop of ${arrivals.connections} users, each waiting for its answer`;
  const { process, burst = 1 } = arrivals;
  const spacing = process === 'poisson' ? 'Poisson arrivals' : 'evenly spaced';
  const gaps = burst === 1 ? spacing : `${burst} at once, ${spacing}`;
  return `open loop at ${arrivals.rate}/s, ${gaps}, ${poolHighWater === null ? '' : `${poolHighWater} of `}${arrivals.connections} connections in use at most`;
}

/** Response and service time apart. In a closed loop the two differ by nothing a user would notice, and both leave out who did not come. */
function timesTable({ arrivals, responseTime, serviceTime }: LoadAccount): (string | null)[] {
  const row = (name: string, times: TimeSummary) => [
    name,
    ...[times.mean, times.p50, times.p90, times.p95, times.p99, times.maximum].map(milliseconds),
    '',
  ];
  const head = ['', 'mean', 'p50', 'p90', 'p95', 'p99', 'longest', ''];
  return [
    ...aligned([head, row('response time', responseTime), row('service time', serviceTime)], 1),
    arrivals.loop === 'closed'
      ? 'A closed loop asks less while the server is slow: these times are not those of users who come when they like (--rate).'
      : null,
    '',
  ];
}
