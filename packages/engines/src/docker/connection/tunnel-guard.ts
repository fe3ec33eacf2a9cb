// Started by tunnel.ts as a process of its own: holds one ssh process until its standard input ends, that is, until the harness is gone. The first
// line says what: a folder to remove afterwards, the program and its arguments.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const input = createInterface({ input: process.stdin });
const [line] = (await once(input, 'line')) as [string];
const [folder = '', program = '', ...rest] = JSON.parse(line) as string[];
const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
input.on('close', () => child.kill('SIGTERM'));
child.on('error', (error) => process.stderr.write(`${error.message}\n`));
child.on('close', () => {
  rmSync(folder, { recursive: true, force: true });
  process.stdin.destroy();
});
