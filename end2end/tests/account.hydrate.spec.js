// A person protects their account, and an administrator helps one who is locked out.
import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { addAuthenticator, code } from '../support/authenticator.js';
import { OWNER, hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

const BOB = { name: 'Bob Reader', email: 'bob@example.org', password: 'another long passphrase 8' };

let server;
let page;
let secret;
let recovery;

test.beforeAll(async ({ browser }) => {
  const rates = { SIGHTLINE_RATE_SIGN_IN_ACCOUNT: '0', SIGHTLINE_RATE_FACTOR: '0' };
  server = await Server.start({ host: 'localhost', env: rates });
  page = await (await browser.newContext()).newPage();
  await setUp(page, server);
});

test.afterAll(async () => {
  await page?.context().close();
  await server?.stop();
});

async function open(path) {
  await page.goto(`${server.url}${path}`);
  await hydrated(page);
}

async function signOut() {
  await hydrated(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/login/);
  await hydrated(page);
}

async function password(person = OWNER, on = page) {
  await on.getByLabel('E-mail').fill(person.email);
  await on.getByLabel('Password').fill(person.password);
  await on.getByRole('button', { name: 'Sign in' }).click();
}

test('an authenticator app is set up, and brings recovery codes', async () => {
  await open('/settings/account');
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expectAccessible(page, 'setting up an app');
  secret = await page.getByTestId('totp-secret').innerText();
  await page.getByLabel('Code the app shows').fill('000000');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByRole('alert')).toContainText('not right');
  await page.getByLabel('Code the app shows').fill(code(secret));
  await page.getByRole('button', { name: 'Turn on' }).click();
  const codes = page.getByTestId('recovery-codes').getByRole('listitem');
  await expect(codes).toHaveCount(10);
  recovery = await codes.allInnerTexts();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(codes).toHaveCount(0);
  await expect(page.getByText('Recovery codes left: 10 of 10')).toBeVisible();
});

test('signing in takes the code, once', async () => {
  await signOut();
  await password();
  const field = page.getByLabel('Code from your authenticator app');
  await expect(field).toBeVisible();
  await expectAccessible(page, 'the second step');
  // Nothing is open yet.
  expect((await page.request.get(`${server.url}/api/v1/me`)).status()).toBe(401);
  await field.fill('123');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('alert')).toContainText('not right');
  // The code of this step turned it on: the next one is fresh.
  await field.fill(code(secret, 1));
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForURL(/\/dashboards$/);
});

test('a recovery code stands in for a lost phone', async () => {
  await signOut();
  await password();
  await page.getByRole('button', { name: /lost it/ }).click();
  await page.getByLabel('Recovery code').fill(recovery[4]);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForURL(/\/dashboards$/);
  await open('/settings/account');
  await expect(page.getByText('Recovery codes left: 9 of 10')).toBeVisible();
});

test('the app is turned off again', async () => {
  await page.getByRole('button', { name: 'Turn off the app' }).click();
  await page.getByRole('button', { name: 'Turn off the app' }).click();
  await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeVisible();
  await signOut();
  await password();
  await page.waitForURL(/\/dashboards$/);
});

test('a browser elsewhere is signed out from here', async ({ browser }) => {
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${server.url}/login`);
  await hydrated(other);
  await password(OWNER, other);
  await other.waitForURL(/\/dashboards$/);
  await open('/settings/account');
  const rows = page.getByTestId('session');
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: 'This one' })).toHaveCount(1);
  await expect(rows.first()).toContainText('Chrome on Linux');
  const there = rows.filter({ hasNotText: 'This one' });
  await there.getByRole('button', { name: 'End' }).click();
  await there.getByRole('button', { name: 'End' }).click();
  await expect(rows).toHaveCount(1);
  await other.reload();
  await other.waitForURL(/\/login/);
  await other.context().close();
});

test('an administrator gives a person a new password by a link', async ({ browser }) => {
  const api = new Api(page.context().request, server);
  const invitation = await api.call('POST', '/invites', { role: 'viewer' });
  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(new URL(new URL(invitation.url).pathname, server.url).href);
  await hydrated(theirs);
  await theirs.getByLabel('Your name').fill(BOB.name);
  await theirs.getByLabel('E-mail').fill(BOB.email);
  await theirs.getByLabel('Password').fill(BOB.password);
  await theirs.getByRole('button', { name: 'Create account and join' }).click();
  await theirs.waitForURL(/\/dashboards$/);

  await open('/settings/account');
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByLabel('Find people').fill('reader');
  await expect(page.getByTestId('person')).toHaveCount(1);
  await expectAccessible(page, 'people');
  await page.getByRole('button', { name: `Manage ${BOB.name}` }).click();
  const dialog = page.getByRole('dialog', { name: BOB.name });
  await expect(dialog).toContainText('In 1 browser');
  await dialog.getByRole('button', { name: 'Make a password link' }).click();
  const link = await dialog.getByTestId('reset-url').inputValue();
  await expectAccessible(page, 'a person');

  await theirs.goto(link);
  await hydrated(theirs);
  await theirs.getByLabel('New password').fill('green hills of old stone');
  await theirs.getByRole('button', { name: 'Set password' }).click();
  await expect(theirs.getByText('Your new password is set.')).toBeVisible();
  await theirs.getByRole('link', { name: 'Sign in' }).click();
  await hydrated(theirs);
  await password({ ...BOB, password: 'green hills of old stone' }, theirs);
  await theirs.waitForURL(/\/dashboards$/);
  await theirs.goto(link);
  await expect(theirs.getByText(/has been used/)).toBeVisible();

  // Disabled is out at once.
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await expect(dialog.getByText('Disabled and signed out everywhere.')).toBeVisible();
  await theirs.goto(`${server.url}/settings/account`);
  await theirs.waitForURL(/\/login/);
  await dialog.getByRole('button', { name: 'Enable' }).click();
  await expect(dialog.getByText('They can sign in again.')).toBeVisible();
  await theirs.context().close();
});

test('a passkey signs in: after the password, and alone', async () => {
  await addAuthenticator(page);
  await open('/settings/account');
  await page.getByLabel('Name of the new passkey').fill('This laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByTestId('recovery-codes')).toBeVisible();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByLabel('Name of the passkey')).toHaveValue('This laptop');
  await page.getByLabel('Name of the passkey').fill('Work laptop');
  await page.getByLabel('Name of the passkey').press('Enter');
  await expect(page.getByText('Passkey renamed.')).toBeVisible();
  await page.getByLabel('Name of the passkey').fill('');
  await page.getByLabel('Name of the passkey').press('Enter');
  await expect(page.getByText('give it a name')).toBeVisible();
  await expect(page.getByLabel('Name of the passkey')).toHaveValue('Work laptop');
  await page.reload();
  await hydrated(page);
  await expect(page.getByLabel('Name of the passkey')).toHaveValue('Work laptop');

  await signOut();
  await password();
  await page.getByRole('button', { name: 'Use your passkey' }).click();
  await page.waitForURL(/\/dashboards$/);
  await signOut();
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await page.waitForURL(/\/dashboards$/);

  await open('/settings/account');
  await page.getByRole('row', { name: /Work laptop/ }).getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByLabel('Name of the passkey')).toHaveCount(0);
  await signOut();
  await password();
  await page.waitForURL(/\/dashboards$/);
});

test('whoever has to have a second factor is led to it first', async ({ browser }) => {
  await open('/settings/account');
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  secret = await page.getByTestId('totp-secret').innerText();
  await page.getByLabel('Code the app shows').fill(code(secret));
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await open('/settings/people');
  await page.getByLabel('Who has to have a second factor').selectOption('everybody');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(`${server.url}/login`);
  await hydrated(theirs);
  await password({ ...BOB, password: 'green hills of old stone' }, theirs);
  await theirs.waitForURL(/\/settings\/account$/);
  await hydrated(theirs);
  await expect(theirs.getByText('This Sightline asks for a second factor.')).toBeVisible();
  await theirs.goto(`${server.url}/w/acme/dashboards`);
  await theirs.waitForURL(/\/settings\/account$/);
  await hydrated(theirs);
  await theirs.getByRole('button', { name: 'Set up an authenticator app' }).click();
  const own = await theirs.getByTestId('totp-secret').innerText();
  await theirs.getByLabel('Code the app shows').fill(code(own));
  await theirs.getByRole('button', { name: 'Turn on' }).click();
  await theirs.getByRole('button', { name: 'I have kept them' }).click();
  await theirs.waitForURL(/\/dashboards$/);
  await theirs.context().close();
});
