/** What a test tool did, in one form for all. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
}

/** The file that `vitest.reporter.ts` writes. */
export function vitestSummary(text: string): Summary {
  return JSON.parse(text) as Summary;
}

/** Output of `cargo test`: one `test result:` line per binary; ignored tests carry their reason behind the comma. */
export function cargoSummary(text: string): Summary {
  const results = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)];
  const ignored = [...text.matchAll(/^test (\S+) \.\.\. ignored(?:, (.*))?$/gm)];
  return {
    passed: results.reduce((sum, [, passed]) => sum + Number(passed), 0),
    failed: results.reduce((sum, [, , failed]) => sum + Number(failed), 0),
    skipped: ignored.map(([, name = '', reason = 'no reason given']) => ({ name, reason })),
  };
}

/** What libFuzzer prints: one test, passed when it tried inputs to the end of its time. */
export function fuzzSummary(text: string): Summary {
  const runs = Number(/^Done (\d+) runs in /m.exec(text)?.[1] ?? 0);
  return { passed: runs > 0 ? 1 : 0, failed: runs > 0 ? 0 : 1, skipped: [] };
}

/** `go test -json`: one JSON object a line; tests with sub-tests count as one more. */
export function goSummary(text: string): Summary {
  const summary: Summary = { passed: 0, failed: 0, skipped: [] };
  const reasons = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one.startsWith('{'))) {
    const event = JSON.parse(line) as { Action: string; Package?: string; Test?: string; Output?: string };
    const name = `${event.Package ?? ''} ${event.Test ?? ''}`;
    if (event.Action === 'output' && event.Output !== undefined) reasons.set(name, event.Output.trim());
    if (event.Action === 'fail' && event.Test === undefined && summary.failed === 0) summary.failed += 1;
    if (event.Test === undefined) continue;
    if (event.Action === 'pass') summary.passed += 1;
    if (event.Action === 'fail') summary.failed += 1;
    if (event.Action === 'skip') summary.skipped.push({ name, reason: reasons.get(name) ?? 'no reason given' });
  }
  return summary;
}

/** JUnit XML, as pytest, Surefire and node --test write it. */
export function junitSummary(text: string): Summary {
  const summary: Summary = { passed: 0, failed: 0, skipped: [] };
  for (const [, attributes = '', closed, body = ''] of text.matchAll(
    /<testcase\b((?:[^>"]|"[^"]*")*?)(?:(\/)>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? 'unnamed';
    if (closed === undefined && /<(failure|error)\b/.test(body)) summary.failed += 1;
    else if (closed === undefined && /<skipped\b/.test(body))
      summary.skipped.push({ name, reason: /<skipped\b[^>]*message="([^"]*)"/.exec(body)?.[1] ?? 'no reason given' });
    else summary.passed += 1;
  }
  return summary;
}
