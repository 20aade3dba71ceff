// A shared link in the hands of its reader: with and without scripts.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { AMOUNT, ordersDashboard, total } from '../support/orders.js';
import { hydrated } from '../support/people.js';
import { Server } from '../support/server.js';

let server;
let api;
let dashboard;

test.beforeAll(async () => {
  server = await Server.start();
  api = await Api.setUp(server);
  dashboard = await ordersDashboard(api);
});

test.afterAll(async () => {
  await api?.dispose();
  await server?.stop();
});

const share = (settings = {}) => api.call('POST', `/dashboards/${dashboard.id}/shares`, settings, 201);
const views = async (id) => (await api.call('GET', `/dashboards/${dashboard.id}/shares/${id}`)).views;
const figure = (page) => page.locator('.kpi__value');

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('filters are a form and pages are links', async ({ page }) => {
    const { url } = await share();
    await page.goto(url);
    await expect(figure(page)).toHaveText(total());
    await page.getByTestId('filter-region').locator('summary').click();
    await page.getByTestId('filter-region').getByLabel('EU').check();
    await page.getByTestId('filter-region').getByLabel('US').check();
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(figure(page)).toHaveText(total('EU', 'US'));
    expect(new URL(page.url()).searchParams.getAll('f.region').join()).toBe('EU,US');
    // The other page keeps the filter, and the filter's form keeps the page.
    await page.getByRole('link', { name: 'By status' }).click();
    await expect(page.getByRole('heading', { name: 'Revenue by status' })).toBeVisible();
    await page.getByTestId('filter-status').locator('summary').click();
    await page.getByTestId('filter-status').getByLabel('paid').check();
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByRole('heading', { name: 'Revenue by status' })).toBeVisible();
    await expect(page.locator('svg.marks [data-row]')).toHaveCount(1);
    await page.getByRole('link', { name: 'Page 1' }).click();
    await expect(figure(page)).toHaveText(((AMOUNT.EU + AMOUNT.US) * 100).toLocaleString('en-GB'));
  });

  test('a password is asked by a plain form, and what was asked for is kept', async ({ page }) => {
    const { url } = await share({ password: 'open sesame please' });
    expect((await page.goto(`${url}?f.region=EU`)).status()).toBe(401);
    await expect(page.locator('body')).not.toContainText('Revenue');
    await page.getByLabel('Password').fill('open barley please');
    await page.getByRole('button', { name: 'Open' }).click();
    await expect(page.getByRole('alert')).toContainText('not the password');
    await page.getByLabel('Password').fill('open sesame please');
    await page.getByRole('button', { name: 'Open' }).click();
    await expect(figure(page)).toHaveText(total('EU'));
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, path: new URL(url).pathname });
  });

  test('tables can be taken away where downloads are on, and only there', async ({ page }) => {
    const closed = await share();
    await page.goto(closed.url);
    await expect(page.getByLabel('Download as CSV')).toHaveCount(0);
    expect((await page.request.get(`${closed.url}/csv?tile=${dashboard.tiles[1].id}`)).status()).toBe(403);

    const { url } = await share({ downloads: true, password: 'open sesame please' });
    await page.goto(`${url}?f.region=EU,APAC`);
    await page.getByLabel('Password').fill('open sesame please');
    await page.getByRole('button', { name: 'Open' }).click();
    const tile = page.getByTestId(`tile-${dashboard.tiles[1].id}`);
    const saved = page.waitForEvent('download');
    await tile.hover();
    await tile.getByLabel('Download as CSV').click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe('Revenue_by_region.csv');
    expect(readFileSync(await file.path(), 'utf8')).toBe('Region,Sum of Amount\r\nEU,2000\r\nAPAC,600\r\n');
    // The short address of the contract, for a page of several tables and of one.
    expect((await page.request.get(`${url}.csv`)).status()).toBe(422);
    expect(await (await page.request.get(`${url}.csv?p=2`)).text()).toBe('Status,Sum of Amount\r\nopen,2000\r\npaid,2000\r\n');
  });
});

test('nothing serious for axe-core where a password is asked', async ({ page }) => {
  const { url } = await share({ password: 'open sesame please' });
  await page.goto(url);
  await expectAccessible(page, 'the question for a password');
});

test('with scripts the same filters act at once, and the address says so', async ({ page }) => {
  const { url } = await share({ hide_title: true });
  await page.goto(url);
  await hydrated(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(0);
  await page.getByTestId('filter-region').locator('summary').click();
  await page.getByTestId('filter-region').getByRole('checkbox', { name: 'APAC' }).check();
  await expect(figure(page)).toHaveText(total('APAC'));
  await expect(page).toHaveURL(/f\.region=APAC/);
  // The open list lies over the tabs.
  await page.getByTestId('filter-region').locator('summary').click();
  await page.getByRole('link', { name: 'By status' }).click();
  await expect(page).toHaveURL(/p=2/);
  await expect(page.getByRole('heading', { name: 'Revenue by status' })).toBeVisible();
  await page.goBack();
  await expect(figure(page)).toHaveText(total('APAC'));
});

test('a row of a table filters by click and by key; its headers let nothing go', async ({ page }) => {
  const { url } = await share();
  await page.goto(url);
  await hydrated(page);
  const table = page.getByTestId(`tile-${dashboard.tiles[2].id}`);
  const chip = page.getByTestId('selection-chip');
  await table.getByRole('row', { name: /EU.*paid/ }).click();
  await expect(chip).toHaveCount(1);
  const paid = ((AMOUNT.EU * 200) / 2).toLocaleString('en-GB');
  await expect(figure(page)).toHaveText(paid);
  await table.getByRole('button', { name: 'Region' }).click();
  await expect(chip).toHaveCount(1);
  // One choice is one step back.
  await page.goBack();
  await expect(chip).toHaveCount(0);
  await expect(figure(page)).toHaveText(total());
  await table.getByRole('row', { name: /US.*open/ }).focus();
  await page.keyboard.press('Enter');
  await expect(chip).toContainText('US');
  await page.keyboard.press(' ');
  await expect(chip).toHaveCount(0);
  // Beside all marks a click lets go.
  await table.getByRole('row', { name: /EU.*paid/ }).click();
  await expect(chip).toHaveCount(1);
  await page.getByRole('heading', { name: 'All orders' }).click();
  await expect(chip).toHaveCount(0);
});

test('a long table is turned page by page, and sorted as a whole', async ({ page }) => {
  const made = await api.call('POST', '/dashboards', { title: 'Pages', dataset: dashboard.dataset });
  const [first] = made.document.pages;
  const axis = [{ field: `${dashboard.table}.region` }, { field: `${dashboard.table}.status` }];
  const visual = { kind: 'table', title: 'In pages', wells: { axis }, format: { page_rows: 4 } };
  await api.call('PUT', `/dashboards/${made.id}`, { ...made.document, tiles: [{ id: randomUUID(), page: first.id, rect: { x: 0, y: 0, w: 12, h: 30 }, content: { visual } }] });
  await api.call('POST', `/dashboards/${made.id}/publish`, {});
  const { url } = await api.call('POST', `/dashboards/${made.id}/shares`, {}, 201);
  await page.goto(url);
  await hydrated(page);
  const pager = page.locator('.tile__pager');
  const rows = page.locator('tbody tr');
  await expect(pager).toContainText('1–4');
  await expect(rows).toHaveCount(4);
  await pager.getByRole('button', { name: 'Next rows' }).click();
  await expect(pager).toContainText('5–6 of 6');
  await expect(rows).toHaveText([/US.*open/, /US.*paid/]);
  await expect(pager.getByRole('button', { name: 'Next rows' })).toBeDisabled();
  // The last of all rows, not of those that are here, and from the first page.
  await page.getByRole('button', { name: 'Region' }).click();
  await expect(pager).toContainText('1–4');
  await expect(rows.first()).toHaveText(/US/);
  await expect(page.getByRole('columnheader', { name: 'Region' })).toHaveAttribute('aria-sort', 'descending');
  // Rows that do not come are not said to be there.
  await page.route('**/data', (route) => route.abort());
  await pager.getByRole('button', { name: 'Next rows' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(pager).toContainText('1–4');
  await page.unroute('**/data');
  await pager.getByRole('button', { name: 'Next rows' }).click();
  await expect(pager).toContainText('5–6 of 6');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('two tables turned at once both get their rows', async ({ page }) => {
  const made = await api.call('POST', '/dashboards', { title: 'Two', dataset: dashboard.dataset });
  const [first] = made.document.pages;
  const axis = [{ field: `${dashboard.table}.region` }, { field: `${dashboard.table}.status` }];
  const visual = { kind: 'table', wells: { axis }, format: { page_rows: 4 } };
  const tile = (x) => ({ id: randomUUID(), page: first.id, rect: { x, y: 0, w: 12, h: 30 }, content: { visual } });
  await api.call('PUT', `/dashboards/${made.id}`, { ...made.document, tiles: [tile(0), tile(12)] });
  await api.call('POST', `/dashboards/${made.id}/publish`, {});
  const { url } = await api.call('POST', `/dashboards/${made.id}/shares`, {}, 201);
  await page.goto(url);
  await hydrated(page);
  // The first answer comes last.
  let asked = 0;
  await page.route('**/data', async (route) => {
    asked += 1;
    if (asked === 1) await new Promise((done) => setTimeout(done, 800));
    await route.continue();
  });
  const next = page.getByRole('button', { name: 'Next rows' });
  await next.first().click();
  await next.last().click();
  for (const table of [page.locator('.dashboard__cell').first(), page.locator('.dashboard__cell').last()]) {
    await expect(table.locator('tbody tr')).toHaveText([/US.*open/, /US.*paid/]);
  }
  expect(asked).toBe(2);
});

test('tiles lie over each other in their order', async ({ browser }) => {
  const made = await api.call('POST', '/dashboards', { title: 'Layers', dataset: dashboard.dataset });
  const [first] = made.document.pages;
  const text = (markdown, z) => ({ id: randomUUID(), page: first.id, rect: { x: 0, y: 0, w: 12, h: 12 }, z, content: { text: { markdown } } });
  const tiles = [text('over', 3), text('under', -2)];
  await api.call('PUT', `/dashboards/${made.id}`, { ...made.document, tiles });
  await api.call('POST', `/dashboards/${made.id}/publish`, {});
  const { url } = await api.call('POST', `/dashboards/${made.id}/shares`, {}, 201);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  const box = await page.getByTestId(`tile-${tiles[1].id}`).boundingBox();
  const shown = await page.evaluate(([x, y]) => document.elementFromPoint(x, y).closest('[data-testid]').textContent, [box.x + 40, box.y + 40]);
  expect(shown.trim()).toBe('over');
  await context.close();
});

test('views are counted; a limited link gives out as many and then ends', async ({ browser }) => {
  const limited = await share({ max_views: 2 });
  const free = await share();
  for (const status of [200, 200, 410]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(free.url);
    expect((await page.goto(limited.url)).status()).toBe(status);
    if (status === 200) {
      // A reload is the same view, and the open page goes on asking.
      await page.reload();
      await hydrated(page);
      await page.locator('svg.marks [data-row="0"]').first().click();
      await expect(page.getByTestId('selection-chip')).toBeVisible();
      await expect(figure(page)).toHaveText(total('EU'));
    } else {
      await expect(page.getByRole('alert')).toContainText('used up');
    }
    await context.close();
  }
  expect(await views(limited.id)).toBe(2);
  expect(await views(free.id)).toBe(3);
});
