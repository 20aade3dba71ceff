// What a person does on a drawn page whose program is still on its way is kept, and goes nowhere else.
import { expect, test } from '@playwright/test';

import { OWNER, hydrated, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

let server;
let page;

test.beforeAll(async ({ browser }) => {
  server = await Server.start();
  page = await (await browser.newContext()).newPage();
  await setUp(page, server);
});

test.afterAll(async () => {
  await page?.context().close();
  await server?.stop();
});

// Holds the program of the next page back until it is let go.
async function slowly(address) {
  let letGo;
  const gone = new Promise((resolve) => (letGo = resolve));
  await page.route(/\.wasm/, async (route) => {
    await gone;
    await route.continue();
  });
  // The page counts as loaded without its program.
  await page.goto(`${server.url}${address}`);
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated', 'true');
  return async () => {
    letGo();
    await hydrated(page);
    await page.unroute(/\.wasm/);
  };
}

test('a button is pressed before the page listens', async () => {
  const letGo = await slowly('/settings/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await letGo();
  await page.waitForURL(/\/login$/);
});

test('a form is sent before the page listens, and no password stands in an address', async () => {
  const addresses = [];
  page.on('request', (request) => addresses.push(request.url()));
  const letGo = await slowly('/login');
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill('wrong at first, and mended');
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByLabel('Password').press('Enter');
  await expect(page).toHaveURL(/\/login$/);
  await letGo();
  await page.waitForURL(/\/datasets$|\/dashboards$/);
  expect(addresses.filter((address) => address.includes('assword'))).toEqual([]);
  expect(addresses.filter((address) => /[?&]email=/.test(address))).toEqual([]);
});

test('without scripts a password is not sent to an address either', async ({ browser }) => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const reader = await plain.newPage();
  await reader.goto(`${server.url}/login`);
  await reader.getByLabel('E-mail').fill(OWNER.email);
  await reader.getByLabel('Password').fill(OWNER.password);
  await reader.getByRole('button', { name: 'Sign in' }).click();
  expect(reader.url()).not.toContain('assword');
  await plain.close();
});
