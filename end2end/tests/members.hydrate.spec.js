// People come in by a link, get another role, and go: seen from both sides.
import { expect, test } from '@playwright/test';

import { hydrated, setUp, OWNER } from '../support/people.js';
import { Server } from '../support/server.js';

let server;

test.beforeEach(async () => {
  server = await Server.start();
});

test.afterEach(async () => {
  await server.stop();
});

test('an owner invites, changes a role, ends an invitation and removes', async ({ page, browser }) => {
  await setUp(page, server);
  await page.getByRole('link', { name: 'Members' }).click();
  await expect(page.getByTestId('member')).toHaveCount(1);
  await expect(page.getByTestId('member')).toContainText('You');

  await page.getByLabel('Role of the invited').selectOption('viewer');
  await page.getByTestId('create-invite').click();
  const url = await page.getByTestId('invite-url').inputValue();
  await expect(page.getByTestId('open-invite')).toHaveCount(1);

  const other = await (await browser.newContext()).newPage();
  await other.goto(url);
  await hydrated(other);
  await expect(other.getByText('You will be able to read published dashboards')).toBeVisible();
  await other.getByLabel('Your name').fill('Vera Viewer');
  await other.getByLabel('E-mail').fill('vera@example.org');
  await other.getByLabel('Password').fill('quite another passphrase');
  await other.getByRole('button', { name: /Join|Create/ }).click();
  await other.waitForURL(/\/w\/acme/);
  await other.goto(`${server.url}/w/acme/members`);
  await hydrated(other);
  await expect(other.getByTestId('member')).toHaveCount(2);
  await expect(other.getByTestId('create-invite')).toHaveCount(0);

  await page.reload();
  await hydrated(page);
  await expect(page.getByTestId('open-invite')).toHaveCount(0);
  const role = page.getByLabel('Role of Vera Viewer');
  await expect(role).toHaveValue('viewer');
  await role.selectOption('owner');
  await expect(page.getByText('Saved for Vera Viewer')).toBeVisible();
  await other.reload();
  await hydrated(other);
  // Whoever joined by an invitation to read has the platform role that only reads.
  await expect(other.getByText('Viewer here, by the platform role')).toBeVisible();
  await expect(other.getByTestId('create-invite')).toHaveCount(0);

  await page.getByTestId('member').filter({ hasText: 'Vera' }).getByRole('button', { name: 'Rows…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Model roles').fill('emea');
  await dialog.getByRole('button', { name: 'Add attribute' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('region');
  await dialog.getByLabel('Value').fill('["EU", "US"]');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('member').filter({ hasText: 'Vera' })).toContainText('emea · region = ["EU","US"]');

  await page.getByTestId('create-invite').click();
  await page.getByTestId('open-invite').getByRole('button', { name: 'End' }).click();
  await page.getByTestId('open-invite').getByRole('button', { name: 'End' }).click();
  await expect(page.getByTestId('open-invite')).toHaveCount(0);

  const vera = page.getByTestId('member').filter({ hasText: 'Vera' });
  await vera.getByRole('button', { name: 'Remove' }).click();
  await vera.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByTestId('member')).toHaveCount(1);
  const gone = await other.goto(`${server.url}/w/acme/members`);
  expect(gone.status()).toBe(404);
});

test('the last owner can neither leave nor step down', async ({ page }) => {
  await setUp(page, server);
  await page.goto(`${server.url}/w/acme/members`);
  await hydrated(page);
  await page.getByLabel(`Role of ${OWNER.name}`).selectOption('viewer');
  await expect(page.getByText('A workspace needs an owner.')).toBeVisible();
  await expect(page.getByLabel(`Role of ${OWNER.name}`)).toHaveValue('owner');
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByText('A workspace needs an owner.').first()).toBeVisible();
});
