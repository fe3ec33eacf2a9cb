import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { altered, analysed, fate, quick, specimenRun } from '../analysis/specimen/index.ts';
import { escapeText } from '../markup/html.ts';
import { hostileSpecimen, hostileTexts, oneCoreSpecimen, wholeSpecimen } from '../specimens/specimen.ts';
import { sweepSpecimen } from '../specimens/sweep.ts';
import { sentencesBesideClaims } from '../wording/told.ts';
import { type PageInput, renderPage } from './page.ts';

const whole = wholeSpecimen();
const page = renderPage(whole);

/** A page as `photofinish report` makes it: from records, through the analysis. */
function analysedSpecimen(): PageInput {
  const complete = specimenRun({ ...quick, replicates: 3, provisional: true, hostClass: 'shape-only' });
  const run = altered(
    complete,
    ({ sequence }) => sequence === 4,
    (record) => [fate(record, 'failed', 'crashed')],
  );
  const { plan, environment } = run;
  return { analysis: analysed(run), plan, environment, generatedBy: { version: '0.1.0', command: 'npm run quick' } };
}

const specimens = [
  ['whole', wholeSpecimen],
  ['one-core', oneCoreSpecimen],
  ['hostile', hostileSpecimen],
  ['analysed', analysedSpecimen],
  ['sweep', sweepSpecimen],
] as const;

const element = (text: string, name: string, attributes = ''): string =>
  new RegExp(`<${name}${attributes}>(.*?)</${name}>`, 's').exec(text)?.[1] ?? '';

/** The page without its script, style and embedded data. */
const body = (text: string): string => text.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '');

describe.each(specimens)('the page of the %s specimen', (_name, make) => {
  const input = make();
  const text = renderPage(input);

  it('has the same bytes each time it is made', () => {
    expect(renderPage(make())).toBe(text);
  });

  it('says every sentence, every verdict and every claim in words', () => {
    const { analysis } = input;
    const said = [
      ...sentencesBesideClaims(analysis),
      ...analysis.comparisons.flatMap(({ verdicts }) => verdicts.map(({ sentence }) => sentence)),
      ...analysis.claims.flatMap(({ sentence, reason }) => [sentence, reason]),
      ...analysis.leftOut.map(({ reason }) => reason),
    ];
    for (const sentence of said) expect(body(text)).toContain(escapeText(sentence));
  });

  it('lists every attempt with its state and detail', () => {
    const rows = [...body(text).matchAll(/<tr data-state="([^"]+)">(.*?)<\/tr>/gs)];
    expect(rows).toHaveLength(input.analysis.trials.length);
    input.analysis.trials.forEach((trial, index) => {
      expect(rows[index]?.[1]).toBe(trial.state);
      expect(rows[index]?.[2]).toContain(trial.trialId);
      expect(rows[index]?.[2]).toContain(escapeText(trial.detail));
    });
  });

  it('names every target, and its remedy where it is absent', () => {
    for (const { runtimeName, absence } of input.analysis.targets) {
      expect(body(text)).toContain(escapeText(runtimeName));
      if (absence !== null) expect(body(text)).toContain(escapeText(absence.remedy));
    }
  });

  it('lets exactly its own script and style act', () => {
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(text)?.[1] ?? '';
    const hash = (inner: string) => createHash('sha256').update(inner).digest('base64');
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).toContain(hash(element(text, 'script')));
    expect(policy).toContain(hash(element(text, 'style')));
    expect(text.indexOf('Content-Security-Policy')).toBeLessThan(text.indexOf('<meta charset'));
  });

  it('asks for nothing outside itself', () => {
    expect(body(text)).not.toMatch(/(?:src|href)="(?!#|data:image\/svg\+xml,)/);
    expect(body(text)).not.toMatch(/ style="| on[a-z]+="/);
    expect(element(text, 'style')).not.toMatch(/url\(|@import|animation|transition/);
  });

  it('has one data block and one script, whatever the names are', () => {
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text.match(/<\/script/g)).toHaveLength(2);
    const data = JSON.parse(element(text, 'script', ' type="application/json" id="drawings"')) as Record<
      string,
      unknown
    >;
    expect(Object.keys(data).length).toBeGreaterThan(0);
  });

  it('has no identifier twice, and no link to one that is missing', () => {
    const ids = [...body(text).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    for (const [, id] of body(text).matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('stays under 150 kB a comparison, and as much around them', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(150_000 * (1 + input.analysis.comparisons.length));
  });
});

describe('the page', () => {
  it('puts what the run says before claims, claims before pictures, and limits last', () => {
    const order = [
      'class="stamps"',
      'id="verdicts"',
      'id="claims"',
      'id="targets"',
      'id="comparison-timer-wait"',
      'id="scaling"',
      'id="trials"',
      'id="environment"',
      'id="method"',
      'id="limits"',
      '<footer>',
    ];
    const places = order.map((mark) => page.indexOf(mark));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('names run, plan, host, format and the command that makes the run again', () => {
    for (const part of [
      whole.analysis.runId,
      whole.analysis.planHash,
      whole.environment.hostKey,
      whole.generatedBy.command,
    ]) {
      expect(page).toContain(part);
    }
  });

  it.each([
    [null, 'never on this host'],
    [{ passed: true, ageSeconds: 600, isOfThisBoot: true }, 'passed 10 min before the run, load generator 0.1.0<'],
    [
      { passed: false, ageSeconds: 36_000, isOfThisBoot: false },
      'failed 10 h before the run, load generator 0.1.0, before the machine was last started',
    ],
  ])('tells when the load generator was last calibrated: %j', (told, words) => {
    const taken = { takenAt: '2026-01-31T12:00:00.000Z', instrumentVersion: '0.1.0' };
    const calibration = told === null ? null : { ...taken, ...told };
    const text = renderPage({ ...whole, environment: { ...whole.environment, calibration } });
    expect(text.replaceAll('\u00a0', ' ')).toContain(words);
  });

  it('shows the gate and the reading beside a refused verdict, and what would settle an open one', () => {
    expect(page).toContain('Refused. Dropped blocks: 2 of 5 blocks dropped (limit: at most 20 %).');
    expect(page).toMatch(/\d+\u00a0blocks would settle it; it has 5/);
  });

  it('says in words what each stamp takes away', () => {
    const one = renderPage(oneCoreSpecimen());
    for (const words of [
      '<strong>Provisional.</strong>',
      '<strong>Shape only.</strong>',
      '<strong>Incomplete.</strong>',
      'the hiccup meter saw gaps of 11 ms',
      '7 not run, 1 interrupted',
    ]) {
      expect(one).toContain(words);
    }
  });

  it('says on one core that nothing can be said about scaling', () => {
    const one = renderPage(oneCoreSpecimen());
    expect(one).toContain('Nothing can be said about scaling');
    expect(one).toContain('one core is granted: there is no second level to scale to');
  });

  it('keeps hostile texts as text', () => {
    const hostile = body(renderPage(hostileSpecimen()));
    for (const text of hostileTexts) {
      expect(hostile).toContain(escapeText(text));
      if (/[<>"']/.test(text)) expect(hostile).not.toContain(text);
    }
  });
});
