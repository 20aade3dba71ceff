// The sample workspace, read on a phone, in the dark, without scripts.
import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { hydrated } from '../support/people.js';
import { Server } from '../support/server.js';

let server;
let address;

test.beforeAll(async ({ browser }) => {
  server = await Server.start({ demo: true, env: { SIGHTLINE_MAX_UPLOAD_BYTES: '16777216' } });
  const page = await browser.newPage();
  await page.goto(server.link);
  await page.waitForURL(/\/dashboards$/);
  await hydrated(page);
  address = await page.locator('td.table__name a').first().getAttribute('href');
  await page.context().storageState({ path: `${server.folder}/state.json` });
  await page.close();
});

test.afterAll(() => server.stop());

async function open(browser, options) {
  const context = await browser.newContext({ storageState: `${server.folder}/state.json`, ...options });
  const page = await context.newPage();
  await page.goto(server.url + address);
  return { context, page };
}

test('the sample dashboard is complete without scripts', async ({ browser }) => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await expect(page.locator('svg.marks').first()).toBeVisible();
  await expect(page.locator('.kpi__value').first()).toBeVisible();
  await expect(page.locator('.tile__problem')).toHaveCount(0);
  await context.close();
});

test('it is accessible in light and dark', async ({ browser }) => {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page } = await open(browser, { colorScheme });
    await hydrated(page);
    await expect(page.locator('svg.marks').first()).toBeVisible();
    await expectAccessible(page, `the sample dashboard, ${colorScheme}`);
    await context.close();
  }
});

test('a phone shows all of it without scrolling sideways', async ({ browser }) => {
  const { context, page } = await open(browser, { viewport: { width: 390, height: 844 } });
  await hydrated(page);
  await expect(page.locator('svg.marks').first()).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  // Nor does any filter's list.
  for (const filter of await page.locator('details.filter').all()) {
    await filter.locator('summary').click();
    const panel = await filter.locator('.filter__panel').boundingBox();
    expect(panel.x).toBeGreaterThanOrEqual(0);
    expect(panel.x + panel.width).toBeLessThanOrEqual(390);
    await filter.locator('summary').press('Escape');
  }
  await context.close();
});

test('a file over the limit is refused before it is sent', async ({ browser }) => {
  const { context, page } = await open(browser, {});
  await page.goto(`${server.url}/w/sample/datasets`);
  await hydrated(page);
  await expect(page.getByTestId('drop-zone')).toContainText('up to 16 MiB');
  const sent = [];
  page.on('request', (request) => sent.push(request.url()));
  await page.locator('input[type=file]').first().setInputFiles({ name: 'big.csv', mimeType: 'text/csv', buffer: Buffer.alloc(17_000_000, 'a,b\n') });
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('at most 16 MiB');
  expect(sent.filter((url) => url.includes('/uploads'))).toEqual([]);
  await context.close();
});

test('server and browser draw the same bytes', async ({ browser }) => {
  const { context, page } = await open(browser, {});
  await hydrated(page);
  await expect(page.locator('.tile__chart[data-redrawn]').first()).toBeVisible();
  // The attribute of the server's page, not of what the browser may have written over it.
  const pairs = await page.evaluate(async () => {
    const html = await (await fetch(location.href)).text();
    const drawn = [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('.tile__chart')].map((chart) => chart.dataset.drawn);
    const redrawn = [...document.querySelectorAll('.tile__chart')].map((chart) => chart.dataset.redrawn);
    return { drawn, redrawn };
  });
  expect(pairs.drawn.length).toBeGreaterThan(2);
  expect(pairs.redrawn).toEqual(pairs.drawn);
  await context.close();
});
