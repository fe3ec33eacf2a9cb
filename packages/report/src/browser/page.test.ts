import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../pages/page.ts';
import { hostileSpecimen, oneCoreSpecimen, wholeSpecimen } from '../specimens/specimen.ts';
import { sweepSpecimen } from '../specimens/sweep.ts';
import { sentencesBesideClaims } from '../wording/told.ts';

const executables = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const executablePath = executables.find((path) => existsSync(path));
const reason =
  executablePath === undefined
    ? ` (skipped: no Chromium in any of ${executables.length} usual places; install the package chromium)`
    : '';

const specimens = {
  whole: wholeSpecimen,
  'one-core': oneCoreSpecimen,
  hostile: hostileSpecimen,
  sweep: sweepSpecimen,
} as const;
type SpecimenName = keyof typeof specimens;

describe.skipIf(executablePath === undefined)(`the page in Chromium${reason}`, () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'photofinish-page-'));
    for (const [name, make] of Object.entries(specimens)) {
      await writeFile(join(folder, `${name}.html`), renderPage(make()));
    }
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      headless: true,
      args,
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  interface Opened {
    readonly page: Page;
    /** Everything a browser may complain about or ask for. */
    readonly complaints: readonly string[];
    readonly requests: readonly string[];
    [Symbol.asyncDispose](): Promise<void>;
  }

  async function open(name: SpecimenName, options: BrowserContextOptions = {}): Promise<Opened> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    return { page, complaints, requests, [Symbol.asyncDispose]: () => context.close() };
  }

  const overflow = (page: Page): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  /** Number of different colours on each canvas. */
  const coloursOnCanvases = (page: Page): Promise<number[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        const seen = new Set<number>();
        for (let index = 0; index < data.length; index += 4) {
          const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(index, index + 4);
          if (alpha === 255) seen.add((red << 16) | (green << 8) | blue);
        }
        return seen.size;
      }),
    );

  it.each(Object.keys(specimens) as SpecimenName[])(
    'opens from a file without a complaint and without asking for anything: %s',
    async (name) => {
      await using opened = await open(name);
      await opened.page.waitForLoadState('load');
      expect(opened.complaints).toEqual([]);
      expect(opened.requests).toEqual([pathToFileURL(join(folder, `${name}.html`)).href]);
      expect(await opened.page.evaluate(() => 'broken' in globalThis)).toBe(false);
    },
  );

  it('draws every figure on its canvas, in the place of the static picture', async () => {
    await using opened = await open('whole');
    const { page } = opened;
    const figures = await page.locator('figure').count();
    const colours = await coloursOnCanvases(page);
    expect(colours).toHaveLength(figures);
    for (const count of colours) expect(count).toBeGreaterThan(5);
    expect(await page.locator('figure .static:visible').count()).toBe(0);
  });

  it('draws the marks of a runtime in its colour of the palette, in both themes, and again when the theme changes', async () => {
    await using opened = await open('whole', { colorScheme: 'light' });
    const { page } = opened;
    const has = (colour: string) =>
      page.evaluate((wanted) => {
        const canvas = document.querySelector('canvas');
        const { data } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        const bytes = [1, 3, 5].map((start) => Number.parseInt(wanted.slice(start, start + 2), 16));
        for (let index = 0; index < data.length; index += 4) {
          if (bytes.every((byte, channel) => data[index + channel] === byte) && data[index + 3] === 255) return true;
        }
        return false;
      }, colour);
    expect(await has('#008060')).toBe(true);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => has('#1fb58a')).toBe(true);
    expect(await has('#008060')).toBe(false);
  });

  it.each(['whole', 'hostile', 'sweep'] as const)(
    'fits 320, 390, 768 and 1440 pixels without scrolling sideways, and a phone that is turned: %s',
    async (name) => {
      await using opened = await open(name, { viewport: { width: 320, height: 844 } });
      const { page } = opened;
      for (const width of [320, 390, 768, 1440, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await expect.poll(() => overflow(page), { message: `${width} pixels` }).toBeLessThanOrEqual(0);
      }
      const widths = await page.locator('canvas').evaluateAll((each) => each.map((canvas) => canvas.clientWidth));
      for (const width of widths) expect(width).toBeLessThanOrEqual(390);
    },
  );

  it.each([
    ['whole', 'light', 1440],
    ['whole', 'dark', 390],
    ['one-core', 'dark', 1440],
    ['one-core', 'light', 320],
    ['sweep', 'light', 1280],
    ['sweep', 'dark', 390],
  ] as const)('has no finding of axe: %s, %s, %i pixels', async (name, colorScheme, width) => {
    await using opened = await open(name, { colorScheme, viewport: { width, height: 844 } });
    await opened.page.evaluate(axe.source);
    const { found, passed } = await opened.page.evaluate(async () => {
      const { axe: injected } = globalThis as unknown as { axe: typeof axe };
      const { violations, passes } = await injected.run(document, { resultTypes: ['violations'] });
      const found = violations.map(({ id, impact, nodes }) => ({ id, impact, first: nodes[0]?.html }));
      return { found, passed: passes.map(({ id }) => id) };
    });
    expect(passed).toEqual(expect.arrayContaining(['color-contrast', 'scrollable-region-focusable', 'role-img-alt']));
    expect(found).toEqual([]);
  });

  it('is readable without scripts: sentences, tables, pictures, and every trial', async () => {
    await using opened = await open('whole', { javaScriptEnabled: false });
    const { page } = opened;
    const { analysis } = wholeSpecimen();
    expect(await page.locator('#verdicts .sentences li:visible').allTextContents()).toEqual([
      ...sentencesBesideClaims(analysis),
    ]);
    expect(await page.locator('.claim .sentence:visible').allTextContents()).toEqual(
      analysis.claims.map(({ sentence }) => sentence),
    );
    expect(await page.locator('.verdicts tbody th[scope="row"]:visible').count()).toBe(
      analysis.comparisons.reduce((sum, { verdicts }) => sum + verdicts.length, 0),
    );
    expect(await page.locator('#trials-table tbody tr:visible').count()).toBe(analysis.trials.length);
    expect(await page.locator('figure svg.picture:visible').count()).toBe(await page.locator('figure').count());
    expect(await page.locator('canvas:visible').count()).toBe(0);
    expect(await page.locator('[data-filters]:visible').count()).toBe(0);
    expect(opened.complaints).toEqual([]);
  });

  it('filters trials by state, by keyboard too', async () => {
    await using opened = await open('whole');
    const { page } = opened;
    const { states, trials } = wholeSpecimen().analysis;
    const visible = () => page.locator('#trials-table tbody tr:visible').count();
    expect(await visible()).toBe(trials.length);
    await page.getByRole('button', { name: /^failed/ }).click();
    expect(await visible()).toBe(states.failed);
    expect(await page.locator('[data-shown]').textContent()).toBe(`${states.failed} of ${trials.length} rows shown`);
    await page.getByRole('button', { name: /^invalid/ }).focus();
    await page.keyboard.press('Enter');
    expect(await visible()).toBe(states.invalid);
    expect(await page.getByRole('button', { pressed: true }).textContent()).toMatch(/^invalid/);
    await page.getByRole('button', { name: /^all/ }).click();
    expect(await visible()).toBe(trials.length);
  });

  it('lets the keyboard reach the verdicts first, and every table that scrolls', async () => {
    await using opened = await open('whole', { viewport: { width: 390, height: 844 } });
    const { page } = opened;
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the verdicts');
    const unreachable = await page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLElement>('body *')].filter(
          (each) =>
            getComputedStyle(each).overflowX === 'auto' && each.scrollWidth > each.clientWidth && each.tabIndex !== 0,
        ).length,
    );
    expect(unreachable).toBe(0);
  });

  it('has targets of 44 pixels for fingers', async () => {
    await using opened = await open('whole', { viewport: { width: 390, height: 844 } });
    const heights = await opened.page
      .locator('button:visible, nav a, summary')
      .evaluateAll((each) => each.map((one) => one.getBoundingClientRect().height));
    expect(heights.length).toBeGreaterThan(10);
    for (const height of heights) expect(height).toBeGreaterThanOrEqual(44);
  });

  it('prints the static pictures on light paper, whatever the theme', async () => {
    await using opened = await open('whole', { colorScheme: 'dark' });
    const { page } = opened;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('figure svg.picture:visible').count()).toBe(await page.locator('figure').count());
    expect(await page.locator('canvas:visible').count()).toBe(0);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(250, 249, 246)');
  });

  it('moves nothing by itself', async () => {
    await using opened = await open('whole', { reducedMotion: 'reduce' });
    expect(await opened.page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
