// What the data means: a second dataset joined in two clicks, a ratio with its value, versions compared and brought back.
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { drag, inside } from '../support/drag.js';
import { ordersDashboard, total } from '../support/orders.js';
import { hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

const CUSTOMERS = 'ID,Name,Region\n1,Ada,north\n2,Bob,south\n3,Cem,north\n';
const SALES = 'Order,Customer ID,Day,Amount\n1,1,2026-01-01,10\n2,2,2026-01-01,20\n3,1,2026-01-03,30\n4,3,2026-01-04,40\n';

let server;
let api;

test.beforeEach(async ({ page }) => {
  server = await Server.start();
  await setUp(page, server);
  api = new Api(page.context().request, server);
});

test.afterEach(async () => {
  await server.stop();
});

async function open(page, model, view = 'tables') {
  await page.goto(`${server.url}/w/acme/models/${model}?view=${view}`);
  await hydrated(page);
}

async function part(page, name) {
  await page.getByRole('navigation', { name: 'Parts of the model' }).getByRole('link', { name }).click();
}

async function save(page) {
  await page.getByRole('button', { name: 'Save as new version' }).click();
}

async function look(page, name) {
  if (process.env.SIGHTLINE_LOOK) await page.screenshot({ path: join(process.env.SIGHTLINE_LOOK, `model ${name}.png`), fullPage: true });
}

test('a second dataset joins in two clicks, and a ratio over both is made, saved, compared and taken back', async ({ page }) => {
  await api.upload('customers.csv', CUSTOMERS);
  await api.upload('sales.csv', SALES);
  await open(page, 'sales');
  await expect(page.getByTestId('node')).toHaveCount(1);

  await page.getByTestId('join-dataset').filter({ hasText: 'Customers' }).click();
  await expect(page.getByTestId('proposal').first()).toContainText('sales.customer_id = customers.id');
  await look(page, 'proposals');
  await page.getByTestId('proposal').first().getByRole('button', { name: 'Join' }).click();
  await expect(page.getByTestId('node')).toHaveCount(2);
  await expect(page.getByTestId('join')).toContainText('customer_id = id · many to one');
  await look(page, 'tables');
  await expectAccessible(page, 'tables of a model');

  // What was changed in one part is there in the others.
  await part(page, 'Metrics');
  const add = async (kind) => {
    await page.getByRole('button', { name: 'Add a metric' }).click();
    await page.getByRole('menuitem', { name: kind }).click();
  };
  await add(/Simple/);
  const metric = (name) => page.locator(`[data-metric="${name}"]`);
  await metric('new_metric').getByLabel('Name', { exact: true }).fill('revenue');
  await metric('new_metric').getByLabel('Name', { exact: true }).press('Tab');
  await metric('revenue').getByRole('combobox', { name: 'Aggregation' }).selectOption('sum');
  await metric('revenue').getByRole('combobox', { name: 'Of', exact: true }).selectOption('amount');
  await expect(metric('revenue')).toContainText('Sum of Amount over Sales.');
  await add(/Ratio/);
  await metric('new_metric').getByLabel('Name', { exact: true }).fill('per_order');
  await metric('new_metric').getByLabel('Name', { exact: true }).press('Tab');
  await metric('per_order').getByLabel('Label', { exact: true }).fill('Revenue per order');
  await metric('per_order').getByLabel('Label', { exact: true }).press('Tab');
  await metric('per_order').getByRole('combobox', { name: 'Numerator' }).selectOption('revenue');
  await metric('per_order').getByRole('combobox', { name: 'Denominator' }).selectOption('row_count');
  await expect(metric('per_order')).toContainText('Revenue divided by Number of rows.');
  await expect(metric('per_order').getByTestId('metric-value')).toHaveText('Value after saving');
  await look(page, 'metric form');
  await expectAccessible(page, 'the form of a metric');
  // Neither a reload nor another page loses what is not saved.
  await page.reload();
  await hydrated(page);
  await expect(page.getByText('Your changes that were not saved are here again.')).toBeVisible();
  await expect(metric('per_order')).toContainText('Revenue divided by Number of rows.');
  await save(page);
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  await expect(metric('per_order').getByTestId('metric-value')).toHaveText('25');
  await metric('per_order').getByRole('button', { name: 'Revenue per order' }).click();
  await metric('per_order').getByText('How it is worked out').click();
  await expect(metric('per_order').getByText('# Rows')).toBeVisible();
  const stored = await api.call('GET', '/models/sales');
  expect(stored.joins.map((one) => [one.from, one.to])).toEqual([['sales', 'customers']]);
  const answer = await api.call('POST', '/query', { model: 'sales', metrics: ['per_order'], dimensions: ['customers.region'] });
  expect(answer.rows).toEqual(expect.arrayContaining([['south', 20]]));

  await part(page, 'Versions');
  const changes = page.getByTestId('changes');
  await expect(changes).toContainText('Metric Revenue per order');
  await expect(changes).toContainText('Table Customers');
  await look(page, 'versions');
  await expectAccessible(page, 'versions of a model');
  await page.getByTestId('version').filter({ hasText: 'Version 1' }).click();
  await expect(page).toHaveURL(/version=1/);
  await page.getByRole('button', { name: 'Bring back this version' }).click();
  await expect(page.getByText('Saved as version 3.')).toBeVisible();
  expect((await api.call('GET', '/models/sales')).tables).toHaveLength(1);
  await part(page, 'Tables');
  await expect(page.getByTestId('node')).toHaveCount(1);
});

test('tables are moved by mouse and keys, and stand there after a reload', async ({ page }) => {
  await api.upload('customers.csv', CUSTOMERS);
  await api.upload('sales.csv', SALES);
  await open(page, 'sales');
  const node = page.getByTestId('node');
  const before = await node.boundingBox();
  await drag(page, node, { x: before.x + before.width / 2 + 160, y: before.y + before.height / 2 + 40 });
  const moved = await node.boundingBox();
  expect(Math.round(moved.x - before.x)).toBe(160);
  await node.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  const after = await node.boundingBox();
  expect([Math.round(after.x - moved.x), Math.round(after.y - moved.y)]).toEqual([40, 8]);
  await page.reload();
  await hydrated(page);
  await expect.poll(async () => Math.round((await node.boundingBox()).x)).toBe(Math.round(after.x));
  // Only this browser knows: the model is as it was.
  expect((await api.call('GET', '/models/sales')).version).toBe(1);
  await expect(page.getByRole('button', { name: 'Save as new version' })).toBeDisabled();
  await page.getByRole('button', { name: 'Tidy up' }).click();
  await expect.poll(async () => Math.round((await node.boundingBox()).x)).toBe(Math.round(before.x));
});

test('who uses something is said before it is taken away', async ({ page }) => {
  const { table, document, id } = await ordersDashboard(api);
  const [first] = document.tiles;
  first.content.visual.wells.values = [{ metric: 'row_count' }];
  await api.call('PUT', `/dashboards/${id}`, document);
  await open(page, table, 'metrics');
  const metric = page.getByTestId('metric');
  await metric.getByText('1 dashboard').click();
  await expect(metric.getByRole('link', { name: 'Orders' })).toBeVisible();
  await metric.getByRole('button', { name: 'Number of rows', exact: true }).click();
  await metric.getByRole('button', { name: 'Remove Number of rows' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Orders');
  await look(page, 'remove');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('No metrics yet')).toBeVisible();
  await save(page);
  await expect(dialog).toContainText('Orders loses “Revenue”.');
  await dialog.getByRole('button', { name: 'Keep the old version' }).click();
  expect((await api.call('GET', `/models/${table}`)).version).toBe(1);
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(metric).toHaveCount(1);
});

test('fields have values and can be calculated', async ({ page }) => {
  await api.upload('sales.csv', SALES);
  await open(page, 'sales', 'fields');
  const row = (name) => page.getByTestId('field').filter({ has: page.getByLabel(`Label of ${name}`, { exact: true }) });
  await expect(row('amount')).toContainText('10, 20, 30, …');
  await row('amount').getByLabel('Label of amount').fill('Turnover');
  await page.getByText('Add a calculated field').click();
  await page.getByLabel('Label', { exact: true }).fill('Twice');
  await page.getByLabel('Expression', { exact: true }).fill('amount * 2');
  await page.getByRole('button', { name: 'Add the field' }).click();
  await expect(row('twice')).toBeVisible();
  await look(page, 'fields');
  await expectAccessible(page, 'fields of a model');
  await save(page);
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  await expect(row('twice')).toContainText('20, 40, 60, …');
  await page.getByRole('button', { name: 'Remove Twice' }).click();
  await expect(row('twice')).toHaveCount(0);
});

test('a text is a state, two numbers are a point, and both become maps', async ({ page }) => {
  const shops = 'State,Lat,Lon,Amount,Opened\nTexas,32.8,-96.8,10,2024-04-05\nOhio,40,-82,20,2025-04-05\nOhio,41,-81,30,2025-05-05\n';
  const dataset = await api.upload('shops.csv', shops);
  await open(page, 'shops', 'fields');
  await page.getByLabel('Type of state').selectOption({ label: 'US state' });
  await page.getByLabel('Keep the values of state').check();
  await page.getByText('Add a point on the map').click();
  await expect(page.getByRole('combobox', { name: 'Longitude' })).toHaveValue('lon');
  await page.getByLabel('What it is called').fill('Shop');
  await page.getByRole('button', { name: 'Add the point' }).click();
  const row = page.getByTestId('field').filter({ has: page.getByLabel('Label of shop', { exact: true }) });
  await expect(row).toContainText('lat, lon');
  await look(page, 'places');
  await expectAccessible(page, 'fields of a model with places');
  await part(page, 'Settings');
  await page.getByLabel('Fiscal years start on').selectOption('04-01');
  await save(page);
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  await part(page, 'Fields');
  await expect(row).toContainText('32.8 | -96.8');
  const stored = await api.call('GET', '/models/shops');
  const dimension = (name) => stored.tables[0].dimensions.find((one) => one.name === name);
  expect(dimension('state')).toMatchObject({ type: 'geo', atlas: 'us_states', values: { index: true } });
  expect(dimension('shop').expr).toEqual({ lat: { col: 'lat' }, lon: { col: 'lon' } });
  expect(dimension('shop_lat')).toBeUndefined();
  const answer = await api.call('POST', '/query', { model: 'shops', metrics: ['row_count'], dimensions: ['shops.shop'] });
  expect(answer.columns.map((column) => column.name)).toEqual(['shops.shop_lat', 'shops.shop_lon', 'row_count']);
  expect(answer.rows).toHaveLength(3);

  const { id } = await api.call('POST', '/dashboards', { title: 'Shops', dataset: dataset.id });
  await page.goto(`${server.url}/w/acme/dashboards/${id}/edit`);
  await hydrated(page);
  const canvas = page.getByTestId('canvas');
  const field = (name) => page.getByTestId(`field-shops.${name}`);
  await drag(page, field('state'), await inside(canvas, 0.3, 0.1));
  const tiles = canvas.locator('.tile');
  await expect(tiles.first().locator('svg path').nth(40)).toBeAttached();
  await drag(page, field('shop'), await inside(canvas, 0.3, 0.7));
  await expect(tiles).toHaveCount(2);
  await expect(page.getByTestId('save-state')).toHaveText(/^Saved/);
  await expect(page.getByText('Shop, latitude', { exact: true }).first()).toBeVisible();
  await look(page, 'maps of places');
  const { document } = await api.call('GET', `/dashboards/${id}`);
  const visuals = document.tiles.map((tile) => tile.content.visual);
  expect(visuals.map((visual) => visual.kind)).toEqual(['choropleth', 'point_map']);
  expect(visuals[0].format.atlas).toBe('us_states');
  expect(visuals[1].wells.latitude[0].field).toBe('shops.shop_lat');
});

test('a rollup is made, answers, and says what it cannot hold', async ({ page }) => {
  await api.upload('sales.csv', SALES);
  await open(page, 'sales', 'rollups');
  await expect(page.getByText('Questions read the rows themselves.')).toBeVisible();
  await page.getByRole('button', { name: 'Add a rollup' }).click();
  const card = page.getByTestId('rollup');
  await expect(card).toContainText('Number of rows');
  await expect(card.getByTestId('rollup-state')).toHaveText('Made once it is saved');
  await card.getByRole('combobox', { name: 'By time' }).selectOption('month');
  await expect(card).toContainText('per month');
  await card.getByLabel('Name', { exact: true }).fill('by_month');
  await card.getByLabel('Name', { exact: true }).press('Tab');
  await expect(card.getByRole('button', { name: 'by_month', exact: true })).toBeVisible();
  await look(page, 'rollup form');
  await expectAccessible(page, 'the form of a rollup');
  await save(page);
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  await expect(card.getByTestId('rollup-state')).toHaveText('Ready', { timeout: 15_000 });
  await expect(card).toContainText('1 row · ');
  await look(page, 'rollups');
  const asked = { model: 'sales', metrics: ['row_count'], dimensions: [{ field: 'time', grain: 'year' }] };
  expect((await api.call('POST', '/query/explain', asked)).rollups).toEqual(['by_month']);
  expect((await api.call('POST', '/query', asked)).rows.map((row) => row[1])).toEqual([4]);
  // What cannot be kept is said where it stands, and nothing is stored.
  const document = await api.call('GET', '/models/sales');
  document.metrics.push({ name: 'buyers', type: 'simple', table: 'sales', agg: 'count_distinct', expr: { col: 'customer_id' } });
  document.rollups[0].metrics.push('buyers');
  const found = await api.call('POST', '/models/sales/validate', document);
  expect(found.errors.map((error) => error.field)).toEqual(['rollups.0.metrics']);
  await card.getByRole('button', { name: 'Remove the rollup by_month' }).click();
  await expect(page.getByText('No rollups')).toBeVisible();
});

test('settings say when weeks and fiscal years begin', async ({ page }) => {
  await api.upload('sales.csv', SALES);
  await open(page, 'sales', 'settings');
  await page.getByLabel('Label').fill('Sales of all shops');
  const zone = page.getByRole('combobox', { name: 'Time zone' });
  await zone.fill('');
  await zone.press('Tab');
  await expect(zone).toHaveValue('UTC');
  await zone.fill('Europe/Berlin');
  await zone.press('Tab');
  await page.getByRole('combobox', { name: 'Weeks start on' }).selectOption('Sunday');
  await page.getByRole('combobox', { name: 'Fiscal years start on' }).selectOption('1 October');
  await expect(page.getByText('by fiscal year and fiscal quarter too')).toBeVisible();
  await look(page, 'settings of a model');
  await expectAccessible(page, 'the settings of a model');
  await save(page);
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  const model = await api.call('GET', '/models/sales');
  expect([model.label, model.time_zone, model.week_start, model.fiscal_year_start]).toEqual(['Sales of all shops', 'Europe/Berlin', 'sunday', '10-01']);
  const asked = { model: 'sales', metrics: ['row_count'], dimensions: [{ field: 'time', grain: 'fiscal_year' }] };
  expect((await api.call('POST', '/query', asked)).rows.map((row) => row[0].slice(0, 10))).toEqual(['2025-10-01']);
  await page.getByRole('combobox', { name: 'Fiscal years start on' }).selectOption('1 January, as the calendar year');
  await zone.fill('Europe/Nowhere');
  await zone.press('Tab');
  await save(page);
  await expect(page.getByRole('link', { name: 'time_zone' })).toBeVisible();
});

test('tiles whose field was renamed are mended in place, all at once, and that can be undone', async ({ page }) => {
  const { id, table } = await ordersDashboard(api);
  const model = await api.call('GET', `/models/${table}`);
  const amount = model.tables[0].dimensions.find((dimension) => dimension.name === 'amount');
  amount.name = 'net_amount';
  await api.call('PUT', `/models/${table}`, model);
  await page.goto(`${server.url}/w/acme/dashboards/${id}/edit`);
  await hydrated(page);
  const repair = page.getByTestId('tile-repair').filter({ hasText: `Use ${table}.net_amount` });
  await expect(repair).toHaveCount(3);
  await look(page, 'tiles to be mended');
  await expectAccessible(page, 'tiles to be mended');
  await repair.first().click();
  await expect(page.locator('.tile__problem')).toHaveCount(0);
  await expect(page.locator('.kpi__value')).toHaveText(total());
  await page.keyboard.press('Control+z');
  await expect(repair).toHaveCount(3);
  await page.getByTestId('tile-repair').filter({ hasText: 'Take it out' }).first().click();
  await expect(repair).toHaveCount(2);
});

test('the document is the same thing, and says where it is wrong', async ({ page }) => {
  await api.upload('sales.csv', SALES);
  await open(page, 'sales', 'document');
  const text = page.getByLabel('Document', { exact: true });
  const model = JSON.parse(await text.inputValue());
  model.metrics.push({ name: 'revenue', type: 'simple', table: 'sales', agg: 'sum', expr: { col: 'nothing' } });
  await text.fill(JSON.stringify(model, null, 2));
  await part(page, 'Metrics');
  await expect(page.getByTestId('metric')).toHaveCount(2);
  await save(page);
  await page.getByRole('link', { name: 'metrics.1.expr' }).click();
  await expect(text).toBeFocused();
  expect(await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd))).toContain('nothing');
  await look(page, 'document');
  await expectAccessible(page, 'the document of a model');
  // What cannot be read is kept, also while one looks at something else.
  await text.fill(`${await text.inputValue()}}`);
  await expect(page.getByText('This is no JSON')).toBeVisible();
  await part(page, 'Fields');
  await part(page, 'Document');
  await expect(page.getByText('This is no JSON')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save as new version' })).toBeDisabled();
  model.metrics[1].expr.col = 'amount';
  await text.fill(JSON.stringify(model));
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText('It can be stored.')).toBeVisible();
  await save(page);
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
});
