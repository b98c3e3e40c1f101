import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** The built dashboard in a browser, on a cluster of its own: what a person does on a first day. */

const BROWSER = '/usr/bin/chromium';
const hasBrowser = existsSync(BROWSER);
if (!hasBrowser) console.warn(`The dashboard is not tried on a cluster: there is no ${BROWSER}`);

const PLACES = [
  '',
  'services',
  'services/app/%2Fui',
  'tasks',
  'deployments',
  'jobs',
  'jobs/hello',
  'packages',
  'packages/catalog/hello-world',
  'nodes',
  'roles',
  'events',
];

/** What a screen reader has no name for: buttons, links and fields. */
const nameless = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('button, a, input, select, textarea')]
    .filter((element) => {
      const labels = (element as HTMLInputElement).labels ?? [];
      const own = element.matches('button, a') ? element.textContent : '';
      return ![
        own,
        element.getAttribute('aria-label'),
        ...[...labels].map((label) => label.textContent),
      ].some((name) => name?.trim());
    })
    .map((element) => element.outerHTML.slice(0, 200));

describe.runIf(hasBrowser)('the dashboard of a cluster', () => {
  let home: PlenumHome;
  let browser: Browser;
  let page: Page;
  let url: string;
  const faults: string[] = [];

  const show = (place: string): Promise<unknown> => page.goto(`${url}#/${place}`);

  beforeAll(async () => {
    home = await createPlenumHome();
    url = (await home.up('--agents', '1')).dashboard;
    browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    page.setDefaultTimeout(25_000);
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
  });

  afterAll(async () => {
    await browser?.close();
    await home?.remove();
  });

  it('starts an app and follows what it prints', async () => {
    await show('services');
    await page.getByRole('button', { name: 'New app…' }).click();
    const definition = { id: '/ui', cmd: 'echo it-speaks; sleep 1000', cpus: 0.1, mem: 32, instances: 1 };
    await page.getByLabel('Definition (JSON)').fill(JSON.stringify(definition));
    await page.getByRole('button', { name: 'Look at what changes' }).click();
    await page.getByText('is created').waitFor();
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByRole('link', { name: '/ui', exact: true }).click();
    await page.getByText('1 of 1 running').waitFor();
    await page.getByRole('link', { name: /^ui\.instance/ }).click();
    await page.getByRole('log').getByText('it-speaks').waitFor();
  });

  it('runs a job to its end', async () => {
    await show('jobs');
    await page.getByRole('button', { name: 'New job…' }).click();
    const job = { id: 'hello', run: { cmd: 'true', cpus: 0.1, mem: 32, disk: 0 } };
    await page.getByLabel('Definition (JSON)').fill(JSON.stringify(job));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Run hello now' }).click();
    await page.getByText('succeeded').waitFor();
  });

  it.each(PLACES)(
    'has a heading and names for all that can be used at #/%s, and fits a small screen',
    async (place) => {
      await show(place);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      await expect.poll(() => page.evaluate(nameless)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    },
  );

  it('removes the app, and no script or policy has failed on the way', async () => {
    await show('services/app/%2Fui');
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('/ui');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { level: 1, name: 'Services' }).waitFor();
    await page.getByRole('link', { name: '/ui', exact: true }).waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });
});
