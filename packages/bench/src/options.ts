import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nearest, UsageError } from '@photofinish/schema';
import { peers } from './peers/registry.ts';
import { type Part, parts } from './records/record.ts';

/** What is asked for on the command line. */
export interface Options {
  readonly parts: readonly Part[];
  /** Ids of the peers. */
  readonly peers: readonly string[];
  readonly pairs: number;
  /** Length of each load on the null server, seconds. */
  readonly seconds: number;
  /** Requests a second of the open loop on the null server. */
  readonly rate: number;
  /** Repetitions of our open loop on the stall server. */
  readonly repetitions: number;
  /** Repetitions of every other way on the stall server. */
  readonly peerRepetitions: number;
  /** Loads against stall servers that go on at once, each with a server of its own. */
  readonly lanes: number;
  readonly cores: { readonly generator: number; readonly server: number };
  /** Where figures are kept. */
  readonly folder: string;
  /** Measure nothing, show what is kept. */
  readonly isShowing: boolean;
  /** Put the tables into the document. */
  readonly isWriting: boolean;
  readonly isHelpWanted: boolean;
}

/** The help. */
export const help = `Example: pnpm bench:instrument --only null-closed --peers wrk

Compares this load generator with every peer on the PATH: ${peers.map(({ id }) => id).join(', ')}.
Generators have one core, the fixture server another.

  --only PARTS            of ${parts.join(', ')}; default all
  --peers LIST            default all
  --pairs 20              alternating pairs of ours and a peer on the null server
  --seconds 1             length of each load on the null server
  --rate 5000             requests a second of the open loop there; each rate is kept and shown apart
  --repetitions 30        of our open loop on the stall server, 20 s each
  --peer-repetitions 3    of every other way on the stall server
  --lanes 3               loads of the open loop on stall servers at once, each with a server of its own
  --cores 0,1             cores of generator and server; default the first and the last
  --folder PATH           where figures are kept, one file a part and peer; default .photofinish/bench
  --show                  measure nothing, show what is kept
  --write                 put the tables of all that is kept into docs/instrument.md
`;

/** Reads the options. Throws `UsageError` `E_OPTION`. */
export function readOptions(args: readonly string[], root: string): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        only: text,
        peers: text,
        pairs: { ...text, default: '20' },
        seconds: { ...text, default: '1' },
        rate: { ...text, default: '5000' },
        repetitions: { ...text, default: '30' },
        'peer-repetitions': { ...text, default: '3' },
        lanes: { ...text, default: '3' },
        cores: { ...text, default: `0,${Math.max(1, availableParallelism() - 1)}` },
        folder: { ...text, default: join(root, '.photofinish', 'bench') },
        show: flag,
        write: flag,
        help: { ...flag, short: 'h' },
      },
    }),
  );
  const [generator, server, ...more] = values.cores.split(',').map((core) => whole('--cores', core, 0));
  if (generator === undefined || server === undefined || more.length > 0 || generator === server)
    throw refused('--cores takes two cores, one for the generator and another for the server', values.cores, '0,1');
  return {
    parts: chosen('--only', values.only, parts),
    peers: chosen(
      '--peers',
      values.peers,
      peers.map(({ id }) => id),
    ),
    pairs: whole('--pairs', values.pairs, 2),
    seconds: whole('--seconds', values.seconds, 1),
    rate: whole('--rate', values.rate, 1),
    repetitions: whole('--repetitions', values.repetitions, 1),
    peerRepetitions: whole('--peer-repetitions', values['peer-repetitions'], 1),
    lanes: whole('--lanes', values.lanes, 1),
    cores: { generator, server },
    folder: values.folder,
    isShowing: values.show,
    isWriting: values.write,
    isHelpWanted: values.help,
  };
}

/** What `parseArgs` throws, as an error with a remedy. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new UsageError('E_OPTION', {
      what: cause instanceof Error ? cause.message : String(cause),
      remedy: '--help lists the options.',
      cause,
    });
  }
}

function whole(option: string, text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw refused(`${option} takes whole numbers from ${least} on`, text, `${option} ${Math.max(least, 1)}`);
}

function chosen<T extends string>(option: string, text: string | undefined, known: readonly T[]): readonly T[] {
  if (text === undefined) return known;
  return text.split(',').map((word) => {
    const found = known.find((one) => one === word);
    if (found !== undefined) return found;
    throw refused(`${option} does not know ${word}`, text, `${option} ${nearest(word, known) ?? known[0]}`);
  });
}

function refused(what: string, given: string, example: string): UsageError {
  return new UsageError('E_OPTION', { what: `${what}.`, given, remedy: `Write for instance ${example}.` });
}
