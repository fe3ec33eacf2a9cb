// Started by janitor.ts as a process of its own.

import { dismissal, type JanitorOrder } from './janitor.ts';
import { removeRun } from './removal.ts';

let said = '';
for await (const chunk of process.stdin.setEncoding('utf8')) said += chunk;
const [order = '', word] = said.split('\n');
// Without an order the harness died before it made anything.
if (order !== '' && word !== dismissal) await removeRun(JSON.parse(order) as JanitorOrder);
