import { request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Engine, exitText, type RunningServer, type ServerSpec, ServerStartError } from '@photofinish/engines';
import { seconds } from '@photofinish/schema';
import type { CaseResult } from '@photofinish/workloads';

/** A case of the contract that concerns the server's process rather than its answers. */
interface ProcessCase {
  readonly id: string;
  readonly title: string;
  readonly expected: string;
  /** What was found; equal to `expected` when the case is passed. */
  judge(engine: Engine, spec: ServerSpec, signal: AbortSignal): Promise<string>;
}

/** Variables without which a server must refuse to start. */
const required = ['HOST', 'PORT', 'MODEL', 'TRIAL_NONCE', 'CORES', 'THREADS', 'CPU_POOL', 'DATA_DIR'] as const;

/** Values that are out of range, by variable. */
const outOfRange: readonly (readonly [string, string])[] = [
  ['PORT', '70000'],
  ['CORES', '0'],
  ['THREADS', 'many'],
  ['CPU_POOL', '-1'],
];

const refusal = 'exit code 2 and one line that names it';

function refusalCase(
  id: string,
  title: string,
  name: string,
  change: (environment: Record<string, string>) => void,
): ProcessCase {
  return {
    id,
    title,
    expected: refusal,
    async judge(engine, spec, signal) {
      const environment = { ...spec.environment };
      change(environment);
      const failure = await startFailure(engine, onHostNetwork({ ...spec, environment }), signal);
      if (failure === null) return 'it started';
      const lines = failure.lastWords
        .trim()
        .split('\n')
        .filter((line) => line !== '');
      if (failure.exit?.code !== 2)
        return `${failure.exit === null ? 'no exit' : exitText(failure.exit)}: ${failure.lastWords.slice(-300)}`;
      if (lines.length !== 1 || !failure.lastWords.includes(name))
        return `exit code 2, but these lines: ${failure.lastWords.slice(-300)}`;
      return refusal;
    },
  };
}

async function startFailure(engine: Engine, spec: ServerSpec, signal: AbortSignal): Promise<ServerStartError | null> {
  try {
    const server = await engine.start(spec, signal);
    await server.stop();
    return null;
  } catch (error) {
    if (error instanceof ServerStartError) return error;
    throw error;
  }
}

const portTaken: ProcessCase = {
  id: 'process.port-taken',
  title: 'a port that is taken is an error at start, not a server without a port',
  expected: 'it ends by itself with an exit code above 0',
  async judge(engine, spec, signal) {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    try {
      const address = holder.address();
      const port = address === null || typeof address === 'string' ? 0 : address.port;
      const failure = await startFailure(
        engine,
        onHostNetwork({ ...spec, environment: { ...spec.environment, HOST: '127.0.0.1', PORT: String(port) } }),
        signal,
      );
      if (failure === null) return 'it started all the same';
      return failure.exit !== null && failure.exit.code !== 0
        ? this.expected
        : `${failure.what} ${failure.exit === null ? '' : exitText(failure.exit)}`;
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  },
};

/** For servers that are to refuse: a container with a network of its own needs a port that is known before, and never meets one that is taken. */
function onHostNetwork(spec: ServerSpec): ServerSpec {
  const { launch } = spec;
  return {
    ...spec,
    launch: launch.kind === 'container' ? { ...launch, network: 'host' } : launch,
    readyWithin: seconds(10),
  };
}

const inFlight = 'the answer, complete, then exit code 0';

const termination: ProcessCase = {
  id: 'process.sigterm',
  title: 'SIGTERM lets a request in flight finish and ends with exit code 0',
  expected: inFlight,
  async judge(engine, spec, signal) {
    const server = await engine.start(spec, signal);
    const answer = ask(server, '/timer?ms=1000');
    await delay(400);
    const stopped = await server.stop();
    const text = await answer;
    if (text !== '200 {"ms":1000}') return `${text}, then ${exitText(stopped.exit)}`;
    if (stopped.forced) return `the answer, then it had to be killed`;
    return stopped.exit.code === 0 ? inFlight : `the answer, then ${exitText(stopped.exit)}`;
  },
};

const idle: ProcessCase = {
  id: 'process.sigterm-idle',
  title: 'SIGTERM does not wait for idle keep-alive connections',
  expected: 'exit code 0 within 3 s',
  async judge(engine, spec, signal) {
    const server = await engine.start(spec, signal);
    const { Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true });
    await ask(server, '/health', agent);
    const stopped = await server.stop();
    agent.destroy();
    if (stopped.seconds > 3) return `it took ${stopped.seconds.toFixed(1)} s`;
    return stopped.exit.code === 0 ? this.expected : exitText(stopped.exit);
  },
};

function ask(server: RunningServer, path: string, agent?: import('node:http').Agent): Promise<string> {
  return new Promise((resolve) => {
    const call = request({ host: server.host, port: server.port, path, agent: agent ?? false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve(`${response.statusCode} ${body}`));
      response.on('error', (error) => resolve(`broken answer: ${error.message}`));
    });
    call.on('error', (error) => resolve(`no answer: ${error.message}`));
    call.end();
  });
}

/** All cases that concern the process of a server. */
function processCases(): ProcessCase[] {
  return [
    ...required.map((name) =>
      refusalCase(
        `process.without-${name.toLowerCase()}`,
        `without ${name} it refuses to start`,
        name,
        (environment) => delete environment[name],
      ),
    ),
    ...outOfRange.map(([name, value]) =>
      refusalCase(
        `process.bad-${name.toLowerCase()}`,
        `with ${name}=${value} it refuses to start`,
        name,
        (environment) => {
          environment[name] = value;
        },
      ),
    ),
    portTaken,
    termination,
    idle,
  ];
}

/** Judges how a target starts, refuses and stops; calls back with each result. */
export async function verifyProcess(
  engine: Engine,
  spec: ServerSpec,
  signal: AbortSignal,
  onResult: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of processCases()) {
    const given = await one.judge(engine, spec, signal);
    const result: CaseResult = {
      id: one.id,
      endpoint: '*',
      title: one.title,
      passed: given === one.expected,
      expected: one.expected,
      given,
    };
    results.push(result);
    onResult(result);
  }
  return results;
}
