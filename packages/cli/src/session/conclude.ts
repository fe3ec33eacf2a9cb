import { analyse, renderPage, type TerminalReport, terminalTable } from '@photofinish/report';
import { type Analysis, canonicalJson, ResultsError } from '@photofinish/schema';
import { readRun, type StoredRun, writeDerivedFile } from '@photofinish/store';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../terminal.ts';
import { paint } from '../ui/table.ts';

/** Reads a finished run back, derives analysis and page from the files alone, shows the verdicts, and returns the exit code. */
export async function conclude(folder: string, invocation: Invocation): Promise<number> {
  const { terminal, json } = invocation;
  const stored = await readRun(folder);
  const analysis = analyse(stored);
  const page = await writeReport(stored, analysis);
  if (json) terminal.out(`${canonicalJson({ folder, page, problems: stored.problems, analysis })}\n`);
  else showAnalysis(terminalTable(analysis, { columns: terminal.columns }), page, invocation);
  requireSound(stored);
  return exitCodeOfAnalysis(analysis);
}

async function writeReport(stored: StoredRun, analysis: Analysis): Promise<string> {
  const { folder, plan, environment } = stored;
  const command = `npm run photofinish -- run ${plan.experiment.id} --seed ${plan.seed} --blocks ${plan.replicates}${plan.engine === 'docker' ? ' --engine docker' : ''}`;
  const generatedBy = { version: environment.photofinish.version, command };
  await writeDerivedFile(folder, 'analysis', `${canonicalJson(analysis)}\n`);
  return await writeDerivedFile(folder, 'page', renderPage({ analysis, environment, plan, generatedBy }));
}

function showAnalysis(report: TerminalReport, page: string, { terminal }: Invocation): void {
  terminal.out(`${paint(report, terminal.outColours)}\n\nPage: ${page}\n`);
}

/** Damaged files are named, each with its reason, after everything that could be shown has been. */
function requireSound(stored: StoredRun): void {
  if (stored.problems.length === 0) return;
  throw new ResultsError('E_RESULTS_DAMAGED', {
    what: `${stored.problems.length} files of the run are damaged and were left out.`,
    where: stored.folder,
    given: stored.problems.map(({ path, reason }) => `${path}: ${reason}`).join('\n'),
    remedy: 'Restore them from a copy, or measure again.',
  });
}

/** 0 when every planned trial ended `ok`; targets that this machine cannot build are rows, not failures. */
function exitCodeOfAnalysis(analysis: Analysis): number {
  const present = analysis.targets
    .filter(({ absence }) => absence === null || absence.cause === 'build-failed')
    .map(({ targetId }) => targetId);
  const cells = analysis.comparisons.flatMap(({ cells }) => cells).filter(({ targetId }) => present.includes(targetId));
  const bad = cells.some(
    ({ states }) => states.failed + states.invalid + states.skipped + states['not-run'] + states.interrupted > 0,
  );
  return bad || !analysis.complete ? exitCodes.measurement : exitCodes.done;
}
