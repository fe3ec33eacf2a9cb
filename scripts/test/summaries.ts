/** A test by its full name, and why it was skipped or what it failed by. */
interface Told {
  readonly name: string;
  readonly reason: string;
}

/** What a test tool did, in one form for all. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: Told[];
  /** Those of the failed tests that the tool names. */
  failures: Told[];
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** Text of XML with its references resolved (XML 1.0, sections 4.1 and 4.6). */
function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(lt|gt|quot|apos|amp));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? (entities[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}

/** The file that `vitest.reporter.ts` writes. */
export function vitestSummary(text: string): Summary {
  return JSON.parse(text) as Summary;
}

/** Output of `cargo test`: one `test result:` line per binary; ignored tests carry their reason behind the comma. */
export function cargoSummary(text: string): Summary {
  const results = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)];
  const failed = [...text.matchAll(/^test (\S+) \.\.\. FAILED$/gm)];
  const ignored = [...text.matchAll(/^test (\S+) \.\.\. ignored(?:, (.*))?$/gm)];
  return {
    passed: results.reduce((sum, [, passed]) => sum + Number(passed), 0),
    failed: results.reduce((sum, [, , failed]) => sum + Number(failed), 0),
    skipped: ignored.map(([, name = '', reason = 'no reason given']) => ({ name, reason })),
    failures: failed.map(([, name = '']) => ({ name, reason: panicOf(text, name) })),
  };
}

/** What a failed test of Rust printed before its backtrace. */
function panicOf(text: string, name: string): string {
  const [, said = ''] = text.split(`---- ${name} stdout ----\n`);
  return said.split(/^note: |^stack backtrace:|^---- |^failures:/m)[0]?.trim() || 'nothing was said';
}

/** What libFuzzer prints: one test, passed when it tried inputs to the end of its time. */
export function fuzzSummary(text: string): Summary {
  const runs = Number(/^Done (\d+) runs in /m.exec(text)?.[1] ?? 0);
  return { passed: runs > 0 ? 1 : 0, failed: runs > 0 ? 0 : 1, skipped: [], failures: [] };
}

/** `go test -json`: one JSON object a line; tests with sub-tests count as one more. */
export function goSummary(text: string): Summary {
  const summary: Summary = { passed: 0, failed: 0, skipped: [], failures: [] };
  const said = new Map<string, string[]>();
  for (const line of text.split('\n').filter((one) => one.startsWith('{'))) {
    const event = JSON.parse(line) as { Action: string; Package?: string; Test?: string; Output?: string };
    const name = `${event.Package ?? ''} ${event.Test ?? ''}`;
    if (event.Action === 'output' && event.Output !== undefined && !/^\s*(===|---) /.test(event.Output))
      said.set(name, [...(said.get(name) ?? []), event.Output.trim()]);
    const words = (said.get(name) ?? []).slice(-12).join('\n') || 'no reason given';
    if (event.Action === 'fail' && event.Test === undefined && summary.failed === 0) {
      summary.failed += 1;
      summary.failures.push({ name, reason: words });
    }
    if (event.Test === undefined) continue;
    if (event.Action === 'pass') summary.passed += 1;
    if (event.Action === 'fail') {
      summary.failed += 1;
      summary.failures.push({ name, reason: words });
    }
    if (event.Action === 'skip') summary.skipped.push({ name, reason: words });
  }
  return summary;
}

/** The element of a test case that did not pass, with its attributes. */
const outcome = /<(failure|error|skipped)\b((?:[^>"]|"[^"]*")*)>/;

/** JUnit XML, as pytest, Surefire and node --test write it. */
export function junitSummary(text: string): Summary {
  const summary: Summary = { passed: 0, failed: 0, skipped: [], failures: [] };
  for (const [, attributes = '', closed, body = ''] of text.matchAll(
    /<testcase\b((?:[^>"]|"[^"]*")*?)(?:(\/)>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const name = unescaped(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? 'unnamed');
    const [, kind, told] = (closed === undefined && outcome.exec(body)) || [];
    const reason = unescaped(/\bmessage="([^"]*)"/.exec(told ?? '')?.[1] ?? 'no reason given');
    if (kind === undefined) summary.passed += 1;
    else if (kind === 'skipped') summary.skipped.push({ name, reason });
    else {
      summary.failed += 1;
      summary.failures.push({ name, reason });
    }
  }
  return summary;
}
