// Started by builder.ts as a process of its own: performs one command until it ends, or until standard input ends, that is, until the harness is
// gone. The first line says what: the program and its arguments. Ends as the command ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const graceMilliseconds = 5000;

const input = createInterface({ input: process.stdin });
const [line] = (await once(input, 'line')) as [string];
const [program = '', ...rest] = JSON.parse(line) as string[];
const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
// The signal goes to the whole group; this process stays until the command has ended.
process.on('SIGTERM', () => {});
input.on('close', () => {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), graceMilliseconds).unref();
});
child.on('error', (error) => process.stderr.write(`${error.message}\n`));
child.on('close', (code) => {
  process.exitCode = code ?? 1;
  input.removeAllListeners('close');
  process.stdin.destroy();
});
