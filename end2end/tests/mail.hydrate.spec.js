// Letters: an invitation that is sent, and a forgotten password that its owner mends alone.
import { expect, test } from '@playwright/test';

import { Mail } from '../support/mail.js';
import { hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

let mail;
let server;

test.beforeEach(async () => {
  mail = await Mail.start();
  server = await Server.start({ env: mail.env });
});

test.afterEach(async () => {
  await server.stop();
  mail.stop();
});

test('an invitation comes by mail, and so does a new password', async ({ page, browser }) => {
  await setUp(page, server);
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByLabel('Send it to').fill('vera@example.org');
  await page.getByTestId('create-invite').click();
  await expect(page.getByText('The invitation is on its way.')).toBeVisible();
  const invitation = await mail.letterTo('vera@example.org');
  expect(invitation).toContain('invites you to');
  const link = invitation.match(/^http\S+\/invite\/\S+$/m)[0];
  expect(await page.getByTestId('invite-url').inputValue()).toBe(link);

  const vera = await (await browser.newContext()).newPage();
  await vera.goto(link);
  await hydrated(vera);
  await vera.getByLabel('Your name').fill('Vera Viewer');
  await vera.getByLabel('E-mail').fill('vera@example.org');
  await vera.getByLabel('Password').fill('quite another passphrase');
  await vera.getByRole('button', { name: /Join|Create/ }).click();
  await vera.waitForURL(/\/w\/acme/);

  mail.letters.length = 0;
  const forgetful = await (await browser.newContext()).newPage();
  await forgetful.goto(`${server.url}/login`);
  await hydrated(forgetful);
  await forgetful.getByRole('link', { name: 'Forgot your password?' }).click();
  await forgetful.getByLabel('E-mail').fill('vera@example.org');
  await forgetful.getByRole('button', { name: 'Send the link' }).click();
  await expect(forgetful.getByText('Look into your mail.')).toBeVisible();
  const reset = (await mail.letterTo('vera@example.org')).match(/^http\S+\/reset\/\S+$/m)[0];
  await forgetful.goto(reset);
  await hydrated(forgetful);
  await forgetful.getByLabel(/password/i).first().fill('a third, longer passphrase');
  await forgetful.getByRole('button', { name: /Set/ }).click();
  await forgetful.getByRole('link', { name: 'Sign in' }).click();
  await forgetful.getByLabel('E-mail').fill('vera@example.org');
  await forgetful.getByLabel('Password').fill('a third, longer passphrase');
  await forgetful.getByRole('button', { name: 'Sign in', exact: true }).click();
  await forgetful.waitForURL(/\/w\/acme/);
  // Whoever was signed in with the old one is not any more.
  await vera.reload();
  await vera.waitForURL(/\/login/);
});

test('a mail server that is away is said, and the link stays good', async ({ page }) => {
  await setUp(page, server);
  mail.stop();
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByLabel('Send it to').fill('vera@example.org');
  await page.getByTestId('create-invite').click();
  await expect(page.getByText('The letter was not sent: the mail server cannot be reached.')).toBeVisible();
  await expect(page.getByTestId('invite-url')).toHaveValue(/\/invite\//);
});
