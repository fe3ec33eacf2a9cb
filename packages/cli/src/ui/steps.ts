import type { Terminal } from '../terminal.ts';
import { duration } from './duration.ts';

/** Shows long steps: on a terminal one line that counts the seconds, elsewhere a line at the start and one at the end. */
export class Steps {
  private readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /**
   * Performs a step of which it is known how long it usually takes when nothing is cached, seconds. It has failed when it throws or when
   * `isGood` says no of its result. `note` is shown behind the title while it lasts, on a terminal only.
   */
  async step<T>(
    title: string,
    usualSeconds: number,
    perform: () => Promise<T>,
    isGood: (result: T) => boolean = () => true,
    note: () => string = () => '',
  ): Promise<T> {
    const { interactive, columns, errColours: colours } = this.terminal;
    const width = columns > 20 ? columns - 3 : 97;
    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 1000;
    const repaint = () => {
      const left = Math.max(0, usualSeconds - elapsed());
      const estimate = left > 1 ? `, about ${duration(left)} left` : '';
      const text = `${title} ... ${duration(elapsed())}${estimate} ${note()}`.trimEnd();
      this.terminal.err(`\r\u001b[K${colours.cyan('>')} ${text.slice(0, width)}`);
    };
    if (!interactive) this.terminal.err(`> ${title} ... (up to ${duration(usualSeconds)} when nothing is cached)\n`);
    const ticker = interactive ? setInterval(repaint, 500) : null;
    try {
      const result = await perform();
      this.finish(`${isGood(result) ? colours.green('ok') : colours.red('failed')} ${title} (${duration(elapsed())})`);
      return result;
    } catch (error) {
      this.finish(`${colours.red('failed')} ${title} (${duration(elapsed())})`);
      throw error;
    } finally {
      if (ticker !== null) clearInterval(ticker);
    }
  }

  private finish(text: string): void {
    this.terminal.err(`${this.terminal.interactive ? '\r\u001b[K' : ''}${text}\n`);
  }
}
