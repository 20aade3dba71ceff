// What goes wrong in front of people: each time the page says what happened and what to do, and nothing is lost.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { Api } from '../support/api.js';
import { ordersCsv, ordersDashboard, total } from '../support/orders.js';
import { hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

const LIMIT = 2 * 1024 * 1024;

let server;
let page;
let api;

test.beforeAll(async ({ browser }) => {
  server = await Server.start({ env: { SIGHTLINE_MAX_UPLOAD_BYTES: String(LIMIT) } });
  page = await (await browser.newContext()).newPage();
  await setUp(page, server);
  api = new Api(page.context().request, server);
});

test.afterAll(async () => {
  await page?.context().close();
  await server?.stop();
});

const dialog = () => page.getByRole('dialog');
const waiting = () => readdirSync(join(server.folder, 'uploads'));

async function drop(name, content) {
  await page.goto(`${server.url}/w/acme/datasets`);
  await hydrated(page);
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(content) };
  await page.locator('input[type=file]').first().setInputFiles(file);
}

// What a file that cannot be read is answered with; afterwards there is no more data than before.
async function refused(words) {
  await expect(dialog().getByRole('alert')).toContainText(words);
  await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(dialog()).toBeHidden();
  await page.reload();
  await expect(page.getByText('No data yet.')).toBeVisible();
  expect(await api.datasets()).toEqual([]);
}

test.describe('files', () => {
  test('an empty file', async () => {
    await drop('empty.csv', '');
    await refused(/empty/i);
  });

  test('a file of another kind, whatever its name says', async () => {
    await drop('photo.png', '\x89PNG');
    await refused(/CSV, TSV, XLSX, JSON/);
    const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(2000, 7)]);
    await drop('photo.csv', png);
    await refused(/CSV|table|text/);
    await drop('book.xlsx', 'a,b\n1,2\n');
    await refused(/Excel|workbook|XLSX/i);
  });

  test('a file over the limit says what the limit is', async () => {
    await drop('big.csv', `a,b\n${'1,some text\n'.repeat(LIMIT / 8)}`);
    await refused('2 MiB');
    expect(waiting()).toEqual([]);
  });
});

for (const [what, content, rows, reason] of [
  ['rows of another length', `a,b\n1,x\n2,y,extra\n${'3,z\n'.repeat(30)}`, 31, /extra|fields|columns/],
  ['a quote that is never closed', `a,b\n1,x\n2,"open\n${'3,y\n'.repeat(20)}`, 21, /quote is not closed/],
]) {
  test(`${what}: listed with the line, and the others are loaded`, async () => {
    await drop('broken.csv', content);
    await expect(dialog()).toContainText(/line 3/i);
    await dialog().getByTestId('load-dataset').click();
    await page.waitForURL(/\/datasets\/[0-9a-f-]{36}$/);
    await hydrated(page);
    await expect(page.getByText(`${rows} rows`).first()).toBeVisible();
    await page.getByText('1 row of the file was not loaded').click();
    await expect(page.locator('details[open]').getByRole('row', { name: /^3 / })).toContainText(reason);
    const [dataset] = await api.datasets();
    await api.call('DELETE', `/datasets/${dataset.id}`);
  });
}

test.describe('the way to the server', () => {
  // Slow enough to be in the middle of it.
  async function slow(bytesPerSecond) {
    const tools = await page.context().newCDPSession(page);
    await tools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond });
    return tools;
  }

  const large = () => `a,b\n${'1,some text\n'.repeat(120_000)}`;
  const sending = () => expect(dialog().getByText(/Sending: [1-9]/)).toBeVisible();

  test('cut in the middle of a file: the same file goes again with one click', async () => {
    await page.goto(`${server.url}/w/acme/datasets`);
    await hydrated(page);
    const tools = await slow(200_000);
    await page.locator('input[type=file]').first().setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(large()) });
    await sending();
    await tools.send('Network.emulateNetworkConditions', { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await expect(dialog().getByRole('alert')).toContainText('What you did is kept here');
    await tools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    expect(await api.datasets()).toEqual([]);
    await dialog().getByRole('button', { name: 'Try again' }).click();
    await dialog().getByTestId('load-dataset').click();
    await page.waitForURL(/\/datasets\/[0-9a-f-]{36}$/);
    const [dataset] = await api.datasets();
    expect(dataset.rows).toBe(120_000);
    await api.call('DELETE', `/datasets/${dataset.id}`);
    await tools.detach();
  });

  test('given up in the middle of a file, nothing of it stays', async () => {
    await page.goto(`${server.url}/w/acme/datasets`);
    await hydrated(page);
    const tools = await slow(200_000);
    await page.locator('input[type=file]').first().setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(large()) });
    await sending();
    await dialog().getByRole('button', { name: 'Close' }).click();
    await tools.detach();
    await expect.poll(waiting).toEqual([]);
    await drop('orders.csv', ordersCsv());
    await expect(dialog().getByTestId('load-dataset')).toBeVisible();
    expect(waiting()).toHaveLength(1);
    await page.keyboard.press('Escape');
    await expect.poll(waiting).toEqual([]);
    expect(await api.datasets()).toEqual([]);
  });
});

test.describe('links', () => {
  let dashboard;

  test.beforeAll(async () => {
    dashboard = await ordersDashboard(api);
  });

  const share = (settings) => api.call('POST', `/dashboards/${dashboard.id}/shares`, settings);

  test('an expired link says so', async ({ page: reader }) => {
    const { url } = await share({ expires_in: 1 });
    await reader.waitForTimeout(1_200);
    expect((await reader.goto(url)).status()).toBe(410);
    await expect(reader.getByRole('alert')).toContainText('has expired');
    await expect(reader.locator('body')).not.toContainText('Revenue');
  });

  test('a link that is revoked while it is read keeps what is shown and says why there is no more', async ({ page: reader }) => {
    const { url, id } = await share({});
    await reader.goto(url);
    await hydrated(reader);
    await api.call('DELETE', `/dashboards/${dashboard.id}/shares/${id}`);
    await reader.getByTestId('filter-region').locator('summary').click();
    await reader.getByTestId('filter-region').getByRole('checkbox', { name: 'EU' }).check();
    await expect(reader.getByRole('alert').first()).toContainText('was revoked');
    await expect(reader.locator('.kpi__value')).toHaveText(total());
    expect((await reader.reload()).status()).toBe(410);
    await expect(reader.getByRole('alert')).toContainText('was revoked');
  });

  test('an unknown link', async ({ page: reader }) => {
    expect((await reader.goto(`${server.url}/s/${'A'.repeat(43)}`)).status()).toBe(404);
    await expect(reader.getByRole('alert')).toContainText('no such link');
  });
});

test.describe('the designer', () => {
  let dashboard;
  let address;

  test.beforeAll(async () => {
    dashboard = await ordersDashboard(api);
    address = `${server.url}/w/acme/dashboards/${dashboard.id}/edit`;
  });

  const open = async () => {
    const tab = await page.context().newPage();
    await tab.goto(address);
    await hydrated(tab);
    await expect(tab.getByTestId('canvas').locator('.kpi__value')).toBeVisible();
    return tab;
  };
  const tiles = (tab) => tab.getByTestId('canvas').locator('[data-testid^="tile-"]');
  const saved = (tab) => expect(tab.getByTestId('save-state')).toHaveText('Saved');

  test('two tabs edit the same dashboard: both edits survive', async () => {
    const [one, two] = [await open(), await open()];
    const before = await tiles(one).count();
    await one.getByTestId('add-text').click();
    await two.getByTestId('add-frame').click();
    await saved(one);
    await saved(two);
    for (const tab of [one, two]) await expect(tiles(tab)).toHaveCount(before + 2);
    const { document } = await api.call('GET', `/dashboards/${dashboard.id}`);
    const kinds = document.tiles.map((tile) => Object.keys(tile.content)[0]);
    expect(kinds).toEqual(expect.arrayContaining(['text', 'frame']));
    await one.close();
    await two.close();
  });

  test('an edit of something that is gone meanwhile is shown as a conflict', async () => {
    const [one, two] = [await open(), await open()];
    const kpi = dashboard.tiles[0].id;
    await one.getByTestId(`tile-${kpi}`).click();
    await one.keyboard.press('Delete');
    await saved(one);
    await two.getByTestId(`tile-${kpi}`).click();
    await two.keyboard.press('Shift+ArrowDown');
    await expect(two.getByRole('status').filter({ hasText: /no longer|Somebody|gone|deleted|Not saved/ }).first()).toBeVisible();
    await expect(two.getByTestId(`tile-${kpi}`)).toHaveCount(0);
    await saved(two);
    await one.getByTestId('undo').click();
    await saved(one);
    await one.close();
    await two.close();
  });

  test('the server dies while edits are unsaved: they stay in the tab and are saved when it is back', async () => {
    const tab = await open();
    const before = await tiles(tab).count();
    await server.kill();
    await tab.getByTestId('add-text').click();
    await expect(tab.getByTestId('save-state')).toHaveText(/Offline/);
    await server.launch({ env: { SIGHTLINE_MAX_UPLOAD_BYTES: String(LIMIT) } });
    await saved(tab);
    expect((await api.call('GET', `/dashboards/${dashboard.id}`)).document.tiles).toHaveLength(before + 1 + 1);
    await tab.close();
  });

  test('even when the tab is closed before the server is back', async () => {
    const tab = await open();
    const before = await tiles(tab).count();
    await server.kill();
    await tab.getByTestId('add-frame').click();
    await expect(tab.getByTestId('save-state')).toHaveText(/Offline/);
    await tab.close();
    await server.launch({ env: { SIGHTLINE_MAX_UPLOAD_BYTES: String(LIMIT) } });
    const again = await open();
    await expect(again.getByText('Changes that had not been saved yet were brought back.')).toBeVisible();
    await saved(again);
    await expect(tiles(again)).toHaveCount(before + 1);
    await again.close();
  });
});

test('a dashboard whose data was deleted says so in every tile, wherever it is read', async ({ browser }) => {
  const dashboard = await ordersDashboard(api, 'returns.csv');
  const { url } = await api.call('POST', `/dashboards/${dashboard.id}/shares`, {});
  await api.call('DELETE', `/datasets/${dashboard.dataset}`);
  const member = `${server.url}/w/acme/dashboards/${dashboard.id}`;
  const context = await browser.newContext();
  const reader = await context.newPage();
  for (const [tab, address] of [[page, `${member}/edit`], [page, member], [reader, url]]) {
    await tab.goto(address);
    await hydrated(tab);
    const problems = tab.locator('.tile__problem');
    await expect(problems).toHaveCount(3);
    for (const problem of await problems.all()) {
      await expect(problem).toContainText('was deleted');
      await expect(problem).toContainText(/Upload|again/);
    }
  }
  await context.close();
  // Mended as the tiles say: the same file again.
  await api.upload('returns.csv', ordersCsv());
  await page.goto(member);
  await expect(page.locator('.kpi__value')).toHaveText(total());
});
