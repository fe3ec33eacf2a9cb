// Started by tunnel.ts as a process of its own: holds one ssh process until its standard input ends, that is, until the harness is gone.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder = '', program = '', ...rest] = process.argv.slice(2);
const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
const end = () => {
  child.kill('SIGTERM');
};
process.stdin.on('end', end).on('error', end).resume();
child.on('error', (error) => process.stderr.write(`${error.message}\n`));
child.on('close', () => {
  rmSync(folder, { recursive: true, force: true });
  process.stdin.destroy();
});
