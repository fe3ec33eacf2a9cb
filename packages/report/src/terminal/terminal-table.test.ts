import { describe, expect, it } from 'vitest';
import { hostileSpecimen, oneCoreSpecimen, wholeSpecimen } from '../specimens/specimen.ts';
import { sweepSpecimen } from '../specimens/sweep.ts';
import { sentencesBesideLists } from '../wording/told.ts';
import { terminalTable } from './terminal-table.ts';
import { terminalText, widthOf, wrapped } from './text.ts';

const { analysis } = wholeSpecimen();

const flowing = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('the terminal report', () => {
  it.each([
    ['whole', wholeSpecimen],
    ['one-core', oneCoreSpecimen],
    ['hostile', hostileSpecimen],
    ['sweep', sweepSpecimen],
  ])('of the %s specimen fits every width from 80 on', (_name, make) => {
    for (const columns of [80, 93, 100, 120, 160, 240]) {
      const { text } = terminalTable(make().analysis, { columns });
      for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
  });

  it('takes a width under 80 as 80, where figures keep their columns', () => {
    expect(terminalTable(analysis, { columns: 40 })).toEqual(terminalTable(analysis, { columns: 80 }));
    expect(terminalTable(analysis)).toEqual(terminalTable(analysis, { columns: 80 }));
  });

  it('has one row for each target and each comparison, with the verdict object’s own words', () => {
    const { tables } = terminalTable(analysis);
    expect(tables).toHaveLength(analysis.comparisons.length + 1);
    const timer = tables[0];
    expect(timer?.rows.map(({ targetId }) => targetId).toSorted()).toEqual(
      analysis.targets.map(({ targetId }) => targetId).toSorted(),
    );
    const threads = timer?.rows.find(({ targetId }) => targetId === 'python/threads');
    expect(threads?.verdict.map(({ text, tone }) => [text, tone])).toEqual([
      ['▼ Slower', 'bad'],
      ['0.126 (0.126 to 0.127)', 'bad'],
    ]);
    expect(threads?.cells.map(({ text }) => text)).toEqual(['638 ±0.2 %', '399 ▼', '412 ▼', '62.9 ▲']);
    expect(timer?.rows.find(({ targetId }) => targetId === 'node/async-await')?.verdict[0]?.text).toBe('baseline');
  });

  it('has the scalability law of a sweep with every level, and the reason where it is not fitted', () => {
    const { tables, text } = terminalTable(sweepSpecimen().analysis, { columns: 120 });
    const law = tables.find(({ title }) => title.startsWith('Universal Scalability Law'));
    expect(tables.filter(({ title }) => title.startsWith('Speedup'))).toHaveLength(3);
    expect(law?.rows.find(({ targetId }) => targetId === 'node/cluster')?.cells.map((each) => each.text)).toEqual([
      '0.046 (0.034 to 0.058)',
      '0.041 (0.040 to 0.042)',
    ]);
    expect(flowing(text)).toContain('not fitted: the law does not describe these points: on 2 cores it is off by 14 %');
    expect(flowing(text)).toContain('parallel capacity of this host on 4 cores: 3.86');
  });

  it('puts the verdict beside the figures where there is room, and below them where not', () => {
    const lineOf = (columns: number) =>
      terminalTable(analysis, { columns })
        .text.split('\n')
        .find((line) => line.startsWith('  go/goroutines'));
    expect(lineOf(160)).toContain('Same within 5 %');
    expect(lineOf(80)).not.toContain('Same within');
  });

  it('says why a target has no figures, and the remedy', () => {
    const { text, absences } = terminalTable(analysis);
    expect(text).toContain('not run: the target could not be built');
    expect(absences.length).toBeGreaterThan(0);
    expect(flowing(text)).toContain('Remedy: apt-get install gcc python3-dev');
  });

  it('says what happened to attempts that are not ok, beside the figures of the others', () => {
    const { text } = terminalTable(analysis);
    expect(text).toContain('2 attempts: the server ended during the trial');
    expect(text).toContain('1 attempt: the load generator woke late');
    expect(text).toContain('Trials: 118 ok, 2 failed, 2 invalid, 15 not run.');
  });

  it('says every claim, every sentence and every stamp', () => {
    const text = flowing(terminalTable(analysis, { columns: 100 }).text);
    for (const sentence of sentencesBesideLists(analysis)) expect(text).toContain(flowing(`- ${sentence}`));
    for (const { sentence, reason } of analysis.claims) expect(text).toContain(flowing(`: ${sentence} ${reason}`));
    expect(text).toContain('Stamped provisional.');
    expect(flowing(terminalTable(oneCoreSpecimen().analysis).text)).toContain(
      'shape-only (1 physical core, fewer than 4; the hiccup meter saw gaps of 11 ms), incomplete.',
    );
  });

  it('says nothing twice: what claims and lists say is not among the sentences', () => {
    const { text } = terminalTable(analysis, { columns: 240 });
    const [claim] = analysis.claims;
    expect(analysis.sentences.some((sentence) => sentence.includes(claim?.reason ?? 'missing'))).toBe(true);
    expect(text.split(claim?.reason ?? 'missing')).toHaveLength(2);
  });

  it('is the same text as its lines, and carries no control sequence even with hostile names', () => {
    const { lines, text } = terminalTable(hostileSpecimen().analysis);
    expect(text).toBe(lines.map((line) => line.map((span) => span.text).join('')).join('\n'));
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
    for (const line of lines) for (const span of line) expect(span.text).not.toContain('\n');
  });

  it.each([wholeSpecimen, oneCoreSpecimen, hostileSpecimen])('can do without anything but ASCII (%#)', (make) => {
    const { text } = terminalTable(make().analysis, { ascii: true });
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(text).toContain('-- Slower');
  });
});

describe('wrapping', () => {
  it('breaks between words, cuts longer ones, and never inside a fixed space', () => {
    expect(wrapped('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
    expect(wrapped('abcdefgh i', 3)).toEqual(['abc', 'def', 'gh', 'i']);
    expect(wrapped('about 5\u00a0% more', 8)).toEqual(['about', '5 % more']);
  });

  it('gives each character an ASCII form or a question mark', () => {
    expect(terminalText('±5 µs × “a” 日', true)).toBe('+-5 us x "a" ?');
    expect(terminalText('±5 µs', false)).toBe('±5 µs');
  });
});
