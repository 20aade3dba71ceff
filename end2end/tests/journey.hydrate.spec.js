// The main job: a file becomes a dashboard that somebody else reads.
import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { drag, inside } from '../support/drag.js';
import { FLIGHT_ROWS, flightsCsv } from '../support/flights.js';
import { hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

let server;
let page;
let shareUrl;

test.beforeAll(async ({ browser }) => {
  server = await Server.start();
  page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.problems = problems;
});

test.afterAll(async () => {
  await server?.stop();
  expect(page?.problems, 'no script failed').toEqual([]);
  await page.close();
});

test('the first start sets up an administrator and a workspace, once', async ({ browser }) => {
  const link = server.link;
  await setUp(page, server);
  const again = await browser.newPage();
  const answer = await again.request.post(`${server.url}/api/v1/setup`, {
    data: { token: new URL(link).searchParams.get('token'), name: 'Eve', email: 'eve@example.org', password: 'another long password', workspace: 'Evil' },
    headers: { origin: server.url },
  });
  expect([404, 410]).toContain(answer.status());
  expect((await again.goto(link)).status()).toBe(404);
  await expect(again.getByText('does not work any more')).toBeVisible();
  await again.close();
});

test('a dropped CSV of 250,000 rows is previewed and loaded', async () => {
  const flights = await flightsCsv();
  await expectAccessible(page, 'the data page');
  await page.locator('input[type=file]').first().setInputFiles(flights.path);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByTestId('load-dataset')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText('Distance').first()).toBeVisible();
  await dialog.getByTestId('load-dataset').click();
  await page.waitForURL(/\/datasets\/[0-9a-f-]{36}$/, { timeout: 60_000 });
  await hydrated(page);
  await expect(page.getByText(`${FLIGHT_ROWS.toLocaleString('en-GB')} rows`).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Origin' })).toBeVisible();
  await expectAccessible(page, 'the dataset page');
});

test('its rows scroll to the last', async () => {
  const rows = page.getByRole('region', { name: 'Rows' });
  await rows.scrollIntoViewIfNeeded();
  await rows.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(rows.getByRole('cell', { name: String(FLIGHT_ROWS), exact: true })).toBeVisible();
  await expect(rows.locator('td.muted')).toHaveCount(0);
});

test('fields dragged onto the canvas become visuals', async () => {
  await page.getByTestId('dashboard-from-dataset').click();
  await page.waitForURL(/\/edit$/);
  await hydrated(page);
  const canvas = page.getByTestId('canvas');
  await expect(canvas).toBeVisible();
  const distance = page.locator('[data-testid$="distance"][data-testid^="field-"]').first();
  const origin = page.locator('[data-testid$="origin"][data-testid^="field-"]').first();

  // A number alone is a figure.
  await drag(page, distance, await inside(canvas, 0.2, 0.15));
  await expect(canvas.locator('.kpi__value')).toHaveText(/M|[0-9]/);

  // A category dropped on it makes sorted bars.
  await drag(page, origin, canvas.locator('.kpi__value'));
  await expect(canvas.locator('svg.marks [data-row]').first()).toBeVisible();
});

test('every edit can be undone, and a reload keeps undo', async () => {
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('canvas').locator('.kpi__value')).toBeVisible();
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByTestId('canvas').locator('svg.marks')).toBeVisible();
  await expect(page.getByTestId('save-state')).toHaveText(/Saved/);
  await page.reload();
  await hydrated(page);
  await expect(page.getByTestId('canvas').locator('svg.marks')).toBeVisible();
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('canvas').locator('.kpi__value')).toBeVisible();
  await page.getByTestId('redo').click();
  await expect(page.getByTestId('canvas').locator('svg.marks')).toBeVisible();
});

test('a second visual, moved with the keyboard', async () => {
  const canvas = page.getByTestId('canvas');
  const date = page.locator('[data-testid$="date"][data-testid^="field-"]').first();
  await drag(page, date, await inside(canvas, 0.7, 0.75));
  const tiles = canvas.locator('[data-testid^="tile-"]');
  await expect(tiles).toHaveCount(2);
  await expect(page.getByTestId('save-state')).toHaveText(/Saved/);
  await expectAccessible(page, 'the designer');
});

test('published and shared, the link opens for anybody', async () => {
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('save-state')).toHaveText(/Saved|Published/);
  await page.getByTestId('share').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByTestId('create-share').click();
  shareUrl = await dialog.getByTestId('share-url').inputValue();
  expect(shareUrl).toMatch(new RegExp(`^${server.url}/s/[A-Za-z0-9_-]{43}$`));
});

test('without JavaScript the link is the finished dashboard', async ({ browser }) => {
  const flights = await flightsCsv();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const reader = await context.newPage();
  const answer = await reader.goto(shareUrl);
  expect(answer.status()).toBe(200);
  expect(answer.headers()['cache-control']).toContain('no-store');
  expect(answer.headers()['referrer-policy']).toBe('no-referrer');
  await expect(reader.locator('svg.marks').first()).toBeVisible();
  expect(await answer.text()).toContain(flights.topOrigin);
  await context.close();
});

test('with JavaScript a click on a bar filters the rest, and Back undoes it', async ({ browser }) => {
  const context = await browser.newContext();
  const reader = await context.newPage();
  await reader.goto(shareUrl);
  await hydrated(reader);
  await reader.locator('svg.marks [data-row="0"]').first().click();
  await expect(reader.getByTestId('selection-chip')).toBeVisible();
  await expect(reader).toHaveURL(/s\./);
  await reader.goBack();
  await expect(reader.getByTestId('selection-chip')).toHaveCount(0);
  await expectAccessible(reader, 'the shared dashboard');
  await context.close();
});

test('a revoked link says so', async ({ browser }) => {
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('group', { name: /Nobody can open/ }).getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('Link revoked')).toBeVisible();
  const context = await browser.newContext();
  const reader = await context.newPage();
  const answer = await reader.goto(shareUrl);
  expect(answer.status()).toBe(410);
  await expect(reader.getByRole('alert')).toBeVisible();
  await context.close();
});
