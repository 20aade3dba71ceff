// Ways in.
import { expect } from '@playwright/test';

export const OWNER = { name: 'Ada Owner', email: 'ada@example.org', password: 'correct horse battery staple', workspace: 'Acme' };

// Waits until the browser part runs: before that, clicks on buttons do nothing.
export async function hydrated(page) {
  await page.waitForFunction(() => document.documentElement.dataset.hydrated === 'true');
}

// Through the one-time link of an empty server.
export async function setUp(page, server, { sample = false } = {}) {
  await page.goto(server.link);
  await hydrated(page);
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByLabel('Workspace').fill(OWNER.workspace);
  await page.getByLabel(/sample data/).setChecked(sample);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(sample ? /\/dashboards$/ : /\/datasets$/);
  await hydrated(page);
}

export async function signIn(page, server) {
  await page.goto(`${server.url}/login`);
  await hydrated(page);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/dashboards$/);
  await expect(page.getByRole('heading', { name: 'Dashboards' })).toBeVisible();
}

// Takes up an invitation with a new account, in a browser of their own.
export async function join(browser, url, person) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await hydrated(page);
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account and join' }).click();
  await page.waitForURL(/\/dashboards$/);
  await hydrated(page);
  return page;
}
