// A database becomes a dashboard: connected, looked into, chosen from, asked.
import { createRequire } from 'node:module';

import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { drag, inside } from '../support/drag.js';
import { hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

const SHOP = createRequire(import.meta.url).resolve('../support/shop.sqlite');

let server;
let page;

test.beforeAll(async ({ browser }) => {
  server = await Server.start();
  page = await browser.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  await setUp(page, server);
});

test.afterAll(async () => {
  await server?.stop();
  expect(page?.problems, 'no script failed').toEqual([]);
  await page.close();
});

test('what is wrong with a server is said by its option', async () => {
  await page.getByRole('link', { name: 'Databases' }).click();
  await page.waitForURL(/\/connections$/);
  await expect(page.getByRole('heading', { name: 'No databases yet' })).toBeVisible();
  await expectAccessible(page, 'the databases page');
  await page.getByRole('button', { name: 'Connect a database' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Connect a database' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('warehouse');
  await dialog.getByLabel('Host').fill('127.0.0.1');
  await dialog.getByLabel('Port').fill('1');
  await dialog.getByRole('textbox', { name: 'Database' }).fill('shop');
  await dialog.getByLabel('User').fill('reader');
  await dialog.getByLabel('Password').fill('not told');
  await dialog.getByRole('button', { name: 'Try it out' }).click();
  await expect(dialog.getByText('no database listens on this port')).toBeVisible();
  await expectAccessible(page, 'the form of a connection');
});

test('a MariaDB is tried out where it listens', async () => {
  const at = new URL(process.env.SIGHTLINE_TEST_MARIADB.replace('mysql:', 'http:'));
  const dialog = page.getByRole('dialog', { name: 'Connect a database' });
  await dialog.getByText('MySQL or MariaDB', { exact: true }).click();
  await expect(dialog.getByLabel('Port')).toHaveAttribute('placeholder', '3306');
  await dialog.getByLabel('Port').fill(at.port);
  await dialog.getByRole('textbox', { name: 'Database' }).fill('mysql');
  await dialog.getByLabel('User').fill('root');
  await dialog.getByLabel('Password').fill('');
  await dialog.getByRole('button', { name: 'Try it out' }).click();
  await expect(dialog.getByText('does not offer an encrypted connection')).toBeVisible();
  await dialog.getByLabel('Encryption').selectOption('off');
  await dialog.getByRole('button', { name: 'Try it out' }).click();
  await expect(dialog.getByText(/It works: MariaDB 1.*tables/)).toBeVisible();
  await expect(dialog.getByText('This user may change data.')).toBeVisible();
});

test('a SQLite file is sent, tried out and connected', async () => {
  const dialog = page.getByRole('dialog', { name: 'Connect a database' });
  await dialog.getByText('SQLite file', { exact: true }).click();
  await dialog.getByLabel('Name').fill('');
  await dialog.getByLabel('Database file').setInputFiles(SHOP);
  await expect(dialog.getByText('shop.sqlite is ready.')).toBeVisible();
  await expect(dialog.getByLabel('Name')).toHaveValue('shop');
  await dialog.getByRole('button', { name: 'Try it out' }).click();
  await expect(dialog.getByText(/It works: SQLite .*, 4 tables/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.waitForURL(/\/connections\/[0-9a-f-]{36}$/);
  await hydrated(page);
  await expect(page.getByRole('heading', { name: 'shop', level: 1 })).toBeVisible();
});

test('its tables are looked through and become a dashboard', async () => {
  await page.getByText('orders', { exact: true }).click();
  await expect(page.getByRole('cell', { name: '→ customers' })).toBeVisible();
  await page.getByLabel('Choose orders').check();
  await page.getByLabel('Choose customers').check();
  await page.getByLabel('Find a table').fill('lines');
  await expect(page.getByLabel('Choose orders')).toBeHidden();
  await page.getByLabel('Choose order_lines').check();
  await expect(page.getByText('3 tables chosen')).toBeVisible();
  await expectAccessible(page, 'the tables of a database');
  await page.getByRole('button', { name: 'Build a dashboard' }).click();
  await page.waitForURL(/\/edit$/);
  await hydrated(page);
  const canvas = page.getByTestId('canvas');
  const amount = page.locator('[data-testid$="amount"][data-testid^="field-"]').first();
  const region = page.locator('[data-testid$="region"][data-testid^="field-"]').first();
  await drag(page, amount, await inside(canvas, 0.2, 0.15));
  await expect(canvas.locator('.kpi__value')).toContainText('3');
  await drag(page, region, canvas.locator('.tile').first());
  await expect(canvas.getByText('East').first()).toBeVisible();
  await expect(page.getByTestId('save-state')).toHaveText(/^Saved/);
});

test('a reader is told how a number is computed', async () => {
  const id = page.url().match(/dashboards\/([0-9a-f-]{36})/)[1];
  const api = new Api(page.request, server);
  await api.call('POST', `/dashboards/${id}/publish`);
  await page.goto(`${server.url}/w/acme/dashboards/${id}`);
  await hydrated(page);
  const tile = page.locator('.tile').first();
  await tile.hover();
  await tile.getByTestId('tile-menu').click();
  await page.getByTestId('tile-computed').click();
  const dialog = page.getByTestId('computed');
  await expect(dialog.getByText('Sum of Amount', { exact: true })).toBeVisible();
  await expect(dialog.getByText('orders in shop')).toBeVisible();
  await expect(dialog.getByText('orders to customers (many to one)')).toBeVisible();
  await dialog.getByText('What the database is asked').click();
  await expect(dialog.getByText('SELECT')).toBeVisible();
  await expectAccessible(page, 'how a number is computed');
});

test('the numbers are those of the database, and the plan shows what it was asked', async () => {
  const api = new Api(page.request, server);
  const query = { model: 'shop', metrics: [{ field: 'orders.amount', agg: 'sum', as: 'amount' }], dimensions: ['customers.region'] };
  const answer = await api.call('POST', '/query', query);
  expect(answer.rows.sort()).toEqual([['East', 1080], ['North', 920], ['South', 1000]]);
  const plan = await api.call('POST', '/query/explain', query);
  expect(plan.sql.join('\n')).toContain('JOIN');
});
