import { exitText } from '@photofinish/engines';
import type { ServerExit } from '@photofinish/schema';

/** What the end of a server means for its trial, by whose doing it was. */
export function blameOfExit({ reason }: ServerExit) {
  switch (reason) {
    case 'own':
      return { state: 'failed', cause: 'crashed' } as const;
    case 'out-of-memory':
      return { state: 'failed', cause: 'oom-target' } as const;
    case 'removed':
      return { state: 'invalid', cause: 'container-lost' } as const;
    case 'engine-lost':
      return { state: 'invalid', cause: 'daemon-restart' } as const;
  }
}

/** The end of a server in words. */
export function endText(exit: ServerExit): string {
  switch (exit.reason) {
    case 'own':
      return `the server ended by itself (${exitText(exit)})`;
    case 'out-of-memory':
      return 'the kernel killed the server for memory';
    case 'removed':
      return 'somebody removed the container of the server';
    case 'engine-lost':
      return 'the container engine that held the server was lost';
  }
}
