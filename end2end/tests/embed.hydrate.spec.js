// A dashboard in another site's frame: by ticket, for the listed origins, without a cookie.
import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { Host, sign } from '../support/host.js';
import { ordersDashboard, total } from '../support/orders.js';
import { hydrated } from '../support/people.js';
import { Server } from '../support/server.js';

let server;
let api;
let host;
let stranger;

test.beforeAll(async () => {
  // Frames ask for a new ticket half-way through eight seconds.
  server = await Server.start({ env: { SIGHTLINE_EMBED_BEARER_S: '8', SIGHTLINE_LOG: 'info', SIGHTLINE_LOG_FORMAT: 'json' } });
  api = await Api.setUp(server);
  const dashboard = await ordersDashboard(api);
  host = await Host.start(server);
  stranger = await Host.start(server);
  host.embed = await api.call('POST', `/dashboards/${dashboard.id}/embeds`, { origins: [host.origin], downloads: true });
  host.key = await api.call('POST', '/embed-keys', { name: 'portal' });
  host.table = dashboard.table;
  Object.assign(stranger, { embed: host.embed, key: host.key });
});

test.afterAll(async () => {
  await host?.stop();
  await stranger?.stop();
  await api?.dispose();
  await server?.stop();
});

// Opens the host's page; the frame in it.
async function framed(page, address) {
  const answered = page.waitForResponse((response) => response.url().startsWith(`${server.url}/embed/d/`));
  await page.goto(address);
  const answer = await answered;
  const frame = page.frames().find((frame) => frame !== page.mainFrame());
  return { answer, frame };
}

const figure = (frame) => frame.locator('.kpi__value');
const messages = (page, method) => page.evaluate((method) => window.messages.filter((message) => message.method === method), method);

test('the listed site shows it, at the height it reports, without a cookie', async ({ page, context }) => {
  const { answer, frame } = await framed(page, host.page());
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-security-policy']).toContain(`frame-ancestors ${host.origin};`);
  expect(answer.headers()['x-frame-options']).toBeUndefined();
  await hydrated(frame);
  await expect(figure(frame)).toHaveText(total());
  await expect.poll(async () => (await messages(page, 'ready')).length).toBe(1);
  // Nothing of the dashboard has to be scrolled to, and nothing is left empty below it.
  await expect
    .poll(() => frame.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight))
    .toBe(0);
  const shown = await page.locator('iframe').evaluate((element) => element.clientHeight);
  const content = await frame.locator('main').evaluate((element) => element.getBoundingClientRect().height);
  expect(Math.abs(shown - content)).toBeLessThanOrEqual(2);
  expect(shown).toBeGreaterThan(400);
  expect(await context.cookies()).toEqual([]);
  await expectAccessible(frame, 'a frame');
});

test('filters and clicks on marks work inside the frame', async ({ page, context }) => {
  const { frame } = await framed(page, host.page());
  await hydrated(frame);
  await frame.getByTestId('filter-region').locator('summary').click();
  await frame.getByTestId('filter-region').getByRole('checkbox', { name: 'EU' }).check();
  await expect(figure(frame)).toHaveText(total('EU'));
  await page.keyboard.press('Escape');
  await frame.getByTestId('filters-reset').click();
  await expect(figure(frame)).toHaveText(total());
  await frame.locator('svg.marks [data-row="0"]').first().click();
  await expect(frame.getByTestId('selection-chip')).toBeVisible();
  await expect(figure(frame)).toHaveText(total('EU'));
  expect(await context.cookies()).toEqual([]);
});

test('a reload of the frame soon after keeps what was chosen', async ({ page }) => {
  const { frame } = await framed(page, host.page());
  await hydrated(frame);
  await frame.getByTestId('filter-region').locator('summary').click();
  await frame.getByTestId('filter-region').getByRole('checkbox', { name: 'US' }).check();
  await expect(figure(frame)).toHaveText(total('US'));
  const again = page.waitForResponse((response) => response.url().includes('ticket='));
  await frame.evaluate(() => location.reload());
  expect((await again).status()).toBe(200);
  await expect(figure(frame)).toHaveText(total('US'));
});

test('what the ticket locks can be changed neither by address nor by hand', async ({ page }) => {
  // Also in the tickets that the site hands over later.
  host.renewal = { lock: { [`${host.table}.region`]: 'EU' } };
  const { frame } = await framed(page, host.page(host.frame(host.ticket(host.renewal), 'f.region=US')));
  await hydrated(frame);
  // What lies outside the lock cannot be chosen: not by address, and the list does not offer it.
  await expect(figure(frame)).toHaveText('–');
  const offered = frame.getByTestId('filter-region');
  await offered.locator('summary').click();
  await expect(offered.getByRole('checkbox', { name: 'EU' })).toBeVisible();
  await expect(offered.getByRole('checkbox', { name: 'APAC' })).toHaveCount(0);
  // The page's own request, changed by hand: no filter at all, and one that names everything.
  const asked = page.waitForRequest((request) => request.url().endsWith('/data'));
  await offered.getByRole('checkbox', { name: 'EU' }).check();
  const request = await asked;
  const { authorization } = request.headers();
  const send = (state) => page.request.post(request.url(), { headers: { authorization }, data: { state } });
  const [region] = Object.keys(JSON.parse(request.postData()).state.filters);
  expect(region).toBeTruthy();
  for (const filters of [{}, { [region]: null }]) {
    const open = await send({ filters });
    expect(open.status()).toBe(200);
    const text = await open.text();
    expect(text).toContain('2000');
    expect(text).not.toContain('APAC');
    expect(text).not.toContain('4000');
  }
  host.renewal = {};
});

test('a site that is not listed gets an empty frame', async ({ page }) => {
  const refusals = [];
  page.on('console', (message) => refusals.push(message.text()));
  await page.goto(stranger.page());
  await expect.poll(() => refusals.join('\n')).toContain('frame-ancestors');
  const frame = page.frames().find((frame) => frame !== page.mainFrame());
  await expect(frame.locator('main, svg, .kpi__value')).toHaveCount(0);
  expect(await page.evaluate(() => window.messages)).toEqual([]);
});

test('a ticket that proves nothing opens a page that says so, without data', async ({ page, browser }) => {
  const now = Math.floor(Date.now() / 1000);
  const good = host.ticket();
  const [header, , signature] = good.split('.');
  const richer = Buffer.from(JSON.stringify(host.claims({ exp: now + 86_400 }))).toString('base64url');
  const used = host.ticket();
  const elsewhere = await browser.newContext({ userAgent: 'Another reader' });
  await framed(await elsewhere.newPage(), host.page(host.frame(used)));
  await elsewhere.close();
  const cases = [
    ['expired', host.ticket({ iat: now - 700, exp: now - 100 }), 401],
    ['used_already', used, 401],
    ['wrong_signature', `${header}.${richer}.${signature}`, 401],
    ['wrong_signature', sign({ ...host.key, secret: 'a secret that is not the key of anybody' }, host.claims()), 401],
    ['wrong_audience', host.ticket({ aud: 'https://elsewhere.example' }), 401],
    ['lives_too_long', host.ticket({ exp: now + 3600 }), 401],
    ['unknown_claim', host.ticket({ admin: true }), 403],
    ['unbound_lock', host.ticket({ lock: { 'orders.nothing': 1 } }), 403],
  ];
  for (const [reason, ticket, status] of cases) {
    const { answer, frame } = await framed(page, host.page(host.frame(ticket)));
    expect(answer.status(), reason).toBe(status);
    await expect(frame.getByRole('alert')).toContainText(`reason: ${reason}`);
    await expect(frame.getByRole('alert')).toContainText(/ticket/i);
    await expect(frame.locator('body')).not.toContainText(/EU|APAC|Revenue/);
  }
  const { answer, frame } = await framed(page, host.page(host.embed.url));
  expect(answer.status()).toBe(401);
  await expect(frame.getByRole('alert')).toContainText('add a ticket');
});

test('the frame asks for a new ticket in time and goes on with it', async ({ page }) => {
  const renewed = page.waitForResponse((response) => response.url().endsWith('/renew'));
  const { frame } = await framed(page, host.page());
  await hydrated(frame);
  expect((await renewed).status()).toBe(200);
  // Half of eight seconds, less what the page took to start.
  const [{ params }] = await messages(page, 'auth.expiring');
  expect(params.s).toBeGreaterThan(0);
  expect(params.s).toBeLessThanOrEqual(4);
  // Longer than the first bearer lived.
  await page.waitForTimeout(5_000);
  await frame.getByTestId('filter-region').locator('summary').click();
  await frame.getByTestId('filter-region').getByRole('checkbox', { name: 'EU' }).check();
  await expect(figure(frame)).toHaveText(total('EU'));
  expect(await messages(page, 'auth.expired')).toEqual([]);
  expect(await page.evaluate(() => window.messages.filter((message) => message.id === 1).map((message) => message.result))).toContainEqual({});
});

test('a new ticket changes what is shown; without one the frame says that it has ended', async ({ page }) => {
  host.renewal = { lock: { [`${host.table}.region`]: 'US' } };
  const { frame } = await framed(page, host.page());
  await hydrated(frame);
  await expect(figure(frame)).toHaveText(total());
  await expect(figure(frame)).toHaveText(total('US'));
  host.tickets = false;
  await expect(frame.getByRole('alert')).toContainText('Reload the page around it');
  await expect(figure(frame)).toHaveText(total('US'));
  expect(await messages(page, 'auth.expired')).toHaveLength(1);
  host.tickets = true;
  host.renewal = undefined;
});

test('others in the page cannot hand the frame a ticket', async ({ page }) => {
  const { frame } = await framed(page, host.page());
  await hydrated(frame);
  const renewals = [];
  page.on('request', (request) => request.url().endsWith('/renew') && renewals.push(request.url()));
  // From the frame itself: right origin of the message's window, but not the page around.
  await frame.evaluate((token) => window.postMessage({ jsonrpc: '2.0', v: 1, id: 1, method: 'setToken', params: { token } }, '*'), host.ticket());
  // From the page around, but not in the contract's words.
  await page.evaluate(() => document.querySelector('iframe').contentWindow.postMessage('setToken', '*'));
  await page.evaluate(() => document.querySelector('iframe').contentWindow.postMessage({ jsonrpc: '2.0', v: 1, id: 7, method: 'shutDown' }, '*'));
  await expect.poll(() => page.evaluate(() => window.messages.find((message) => message.id === 7)?.error.code)).toBe(-32601);
  expect(renewals).toEqual([]);
});

test('rows can be taken away where embed and ticket both allow it', async ({ page }) => {
  const closed = await framed(page, host.page());
  await hydrated(closed.frame);
  await expect(closed.frame.getByLabel('Download as CSV')).toHaveCount(0);
  const open = await framed(page, host.page(host.frame(host.ticket({ caps: { export: ['csv'] } }))));
  await hydrated(open.frame);
  const saved = page.waitForEvent('download');
  await open.frame.getByLabel('Download as CSV').nth(1).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('Revenue by region.csv');
});

test('without scripts the frame filters and turns pages, and no secret reaches address or log', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  // The document of the frame on its own: the browser's switch for scripts reaches frames of other sites too late now and then.
  const frame = await context.newPage();
  const ticket = host.ticket({ theme: 'dark', tz: 'Europe/Bucharest' });
  await frame.goto(host.frame(ticket));
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  await frame.getByTestId('filter-region').locator('summary').click();
  await frame.getByTestId('filter-region').getByLabel('EU').check();
  await frame.getByRole('button', { name: 'Apply' }).click();
  await expect(figure(frame)).toHaveText(total('EU'));
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  await frame.getByRole('button', { name: 'By status' }).click();
  await expect(frame.getByRole('heading', { name: 'Revenue by status' })).toBeVisible();
  expect(frame.url()).toBe(host.embed.url);
  expect(await context.cookies()).toEqual([]);
  const bearer = await frame.locator('input[name=bearer]').getAttribute('value');
  expect(server.output).toContain('/embed/d/{id}');
  for (const secret of [ticket, bearer, ticket.split('.')[2], bearer.split('.')[2]]) expect(server.output).not.toContain(secret);
  await context.close();
});
