// Who did what: told in sentences, found by person, thing and words, also without scripts.
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

let server;
let page;

test.beforeAll(async ({ browser }) => {
  server = await Server.start();
  page = await browser.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  await setUp(page, server, { sample: true });
});

test.afterAll(async () => {
  expect(page.problems, 'no script failed').toEqual([]);
  await page.close();
  await server.stop();
});

test('what an owner does stands under Activity as sentences', async () => {
  const api = new Api(page.context().request, server, 'acme');
  const [dashboard] = (await api.call('GET', '/dashboards')).items;
  await api.call('POST', `/dashboards/${dashboard.id}/shares`, {});
  await api.call('POST', '/folders', { title: 'Plans' });
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.waitForURL(/\/w\/acme\/audit$/);
  const row = (text) => page.getByRole('row').filter({ hasText: text });
  await expect(row(/Ada Owner\s+shared\s+Sales overview\s+by link/)).toBeVisible();
  await expect(row(/Ada Owner\s+made the folder\s+Plans/)).toBeVisible();
  await expect(row(/Ada Owner\s+made the workspace\s+Acme/)).toBeVisible();
  await expectAccessible(page, 'the activity page');
});

test('it is found by words and by kind, and the address keeps that', async () => {
  await page.getByLabel('Search').fill('plans');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(/q=plans/);
  await hydrated(page);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByLabel('Search').fill('');
  await page.getByLabel('What').selectOption({ label: 'Links' });
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(/action=share/);
  await hydrated(page);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByLabel('Search').fill('nobody at all');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await page.getByRole('link', { name: 'Show all' }).first().click();
  await page.waitForURL(/\/audit$/);
});

test('what is found is taken away as a file', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV', exact: true }).click()]);
  expect(download.suggestedFilename()).toBe('activity.csv');
});

test('the menu of a dashboard leads to what was done with it', async () => {
  await page.getByRole('link', { name: 'Dashboards' }).click();
  await page.getByRole('button', { name: 'More for Sales overview' }).click();
  await page.getByRole('menuitem', { name: 'Activity' }).click();
  await page.waitForURL(/\/audit\?object=/);
  await expect(page.getByRole('row').filter({ hasText: 'shared' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Plans' })).toHaveCount(0);
});

test('an administrator sees sign-ins and refusals of the whole instance', async ({ browser }) => {
  const stranger = await browser.newPage();
  const wrong = { email: 'ada@example.org', password: 'not the right one' };
  const refused = await stranger.request.post(`${server.url}/api/v1/session`, { data: wrong, headers: { origin: server.url } });
  expect(refused.status()).toBe(401);
  await stranger.close();
  await page.goto(`${server.url}/w/acme/audit`);
  await page.getByRole('link', { name: 'Whole instance' }).click();
  await page.waitForURL(/\/settings\/audit$/);
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('row').filter({ hasText: /Somebody\s+failed to sign in as\s+Ada Owner/ })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await expectAccessible(page, 'the log of the instance');
});

test('it reads and filters without scripts', async ({ browser }) => {
  const session = join(server.folder, 'session.json');
  await page.context().storageState({ path: session });
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: session });
  const plain = await context.newPage();
  await plain.goto(`${server.url}/w/acme/audit`);
  await expect(plain.getByRole('row').filter({ hasText: 'Plans' })).toBeVisible();
  await plain.getByLabel('Search').fill('plans');
  await plain.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(plain.getByRole('row')).toHaveCount(2);
  await context.close();
});
