import { Info, problemsOf } from '@photofinish/schema';
import { contentTypes } from '../answers.ts';
import { compareInfo, type WantedInfo } from '../info.ts';
import { type ContractCase, type Finding, findingOf, type ServerUnderTest } from './case.ts';
import { describeAnswer, faultsOf } from './judge.ts';

const endpoint = '/info';

/** Seconds an idle connection must be kept, at least. */
const leastKeepAliveSeconds = 65;
/** Connections the kernel must be asked to hold before they are accepted, at least. */
const leastBacklog = 1024;

/** Cases of `GET /info`. What is known of the server is compared with what it says. */
export function infoCases(wanted: Partial<WantedInfo>): ContractCase[] {
  const known = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return [
    infoCase('info-schema', 'it answers with an object of the schema and no other fields', 'a valid answer', () => ({
      passed: true,
      given: 'a valid answer',
    })),
    {
      id: 'info-text',
      endpoint,
      title: 'its JSON has no spaces between tokens and its keys stand in the order of the schema',
      expected: Object.keys(Info.shape).join(', '),
      judge: judgeText,
    },
    ...(known.length === 0
      ? []
      : [
          infoCase(
            'info-plan',
            'it gives back what it was started with',
            known.map(([name, value]) => `${name} ${value}`).join(', '),
            (info) => findingOf(compareInfo(info, wanted), known.length === 1 ? 'the answer' : 'its fields'),
          ),
        ]),
    infoCase('info-no-delay', 'answers are not held back by the algorithm of Nagle', 'noDelay true', ({ noDelay }) => ({
      passed: noDelay,
      given: `noDelay ${noDelay}`,
    })),
    infoCase(
      'info-keep-alive',
      'idle connections are kept for as long as the contract asks',
      `keepAliveSeconds ${leastKeepAliveSeconds} or more`,
      ({ keepAliveSeconds }) => ({
        passed: keepAliveSeconds >= leastKeepAliveSeconds,
        given: `keepAliveSeconds ${keepAliveSeconds}`,
      }),
    ),
    infoCase('info-backlog', 'a burst of connections fits the backlog', `backlog ${leastBacklog} or more`, (info) => ({
      passed: info.backlog >= leastBacklog,
      given: `backlog ${info.backlog}`,
    })),
  ];
}

function infoCase(id: string, title: string, expected: string, judge: (info: Info) => Finding): ContractCase {
  return {
    id,
    endpoint,
    title,
    expected,
    judge: async (server) => {
      const { text, faults } = await askInfo(server);
      if (faults.length > 0) return { passed: false, given: faults.join('; ') };
      const parsed = Info.safeParse(parseJson(text));
      return parsed.success ? judge(parsed.data) : { passed: false, given: problemsOf(parsed.error) };
    },
  };
}

async function judgeText(server: ServerUnderTest): Promise<Finding> {
  const { text } = await askInfo(server);
  const tokens = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const value = parseJson(text);
  const keys = value !== null && typeof value === 'object' ? Object.keys(value) : [];
  const given = keys.join(', ') || text.slice(0, 120);
  const faults: string[] = [];
  if (/\s/.test(tokens)) faults.push('spaces between tokens');
  if (keys.join() !== Object.keys(Info.shape).join()) faults.push('another order of keys');
  return findingOf(faults, given);
}

/** The text of `/info` and the faults of its head; its body may be any. */
async function askInfo(server: ServerUnderTest): Promise<{ text: string; faults: string[] }> {
  using connection = await server.connect();
  const answer = await connection.ask({ target: endpoint });
  const text = answer.body.toString('utf8');
  const faults = faultsOf(answer, { status: 200, contentType: contentTypes.json, body: text });
  return { text, faults: faults.length === 0 ? [] : [describeAnswer(answer), ...faults] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
