// Every page there is, in light and dark, on a desk, a small laptop and a phone: accessible, no wider than the screen, without an
// error in the console. `SIGHTLINE_LOOK=folder` keeps a picture of each.
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { serious } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { hydrated } from '../support/people.js';
import { Server } from '../support/server.js';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
const UNKNOWN = 'A'.repeat(43);

let server;
let empty;
let session;
let pages;

test.beforeAll(async ({ browser }) => {
  empty = await Server.start();
  server = await Server.start({ demo: true });
  const page = await browser.newPage();
  await page.goto(server.link);
  await page.waitForURL(/\/dashboards$/);
  session = join(server.folder, 'session.json');
  await page.context().storageState({ path: session });
  const workspace = new URL(page.url()).pathname.split('/')[2];
  const api = new Api(page.context().request, server, workspace);
  const [dashboard] = (await api.call('GET', '/dashboards')).items;
  const [listed] = await api.datasets();
  const dataset = await api.call('GET', `/datasets/${listed.id}`);
  const open = await api.call('POST', `/dashboards/${dashboard.id}/shares`, {});
  const locked = await api.call('POST', `/dashboards/${dashboard.id}/shares`, { password: 'open sesame please' });
  const invitation = await api.call('POST', '/invites', { role: 'viewer' });
  const { user } = await api.send('GET', '/api/v1/me');
  const reset = await api.send('POST', `/api/v1/people/${user.id}/reset-link`);
  const path = (address) => new URL(address, server.url).pathname;
  const home = `/w/${workspace}`;
  pages = {
    'set-up': { anonymous: true, address: empty.link },
    'set-up, used': { anonymous: true, address: '/setup?token=used', refused: true },
    'sign-in': { anonymous: true, address: '/login' },
    'forgotten password': { anonymous: true, address: '/forgot' },
    invitation: { anonymous: true, address: path(invitation.url) },
    dashboards: { address: `${home}/dashboards` },
    datasets: { address: `${home}/datasets` },
    dataset: { address: `${home}/datasets/${dataset.id}` },
    model: { address: `${home}/models/${dataset.model}` },
    'model, fields': { address: `${home}/models/${dataset.model}?view=fields` },
    'model, metrics': { address: `${home}/models/${dataset.model}?view=metrics` },
    'model, versions': { address: `${home}/models/${dataset.model}?view=versions` },
    'model, document': { address: `${home}/models/${dataset.model}?view=document` },
    dashboard: { address: `${home}/dashboards/${dashboard.id}` },
    designer: { address: `${home}/dashboards/${dashboard.id}/edit` },
    members: { address: `${home}/members` },
    account: { address: '/settings/account' },
    tokens: { address: '/settings/tokens' },
    activity: { address: `${home}/audit` },
    'activity, nothing found': { address: `${home}/audit?q=nothing+is+called+this` },
    'activity of the instance': { address: '/settings/audit' },
    people: { address: '/settings/people' },
    groups: { address: '/settings/groups' },
    usage: { address: '/settings/usage' },
    'a new password': { anonymous: true, address: path(reset.url) },
    'a link': { anonymous: true, address: path(open.url) },
    'a link with a password': { anonymous: true, address: path(locked.url), refused: true },
    'an unknown link': { anonymous: true, address: `/s/${UNKNOWN}`, refused: true },
    'an unknown page': { address: '/nothing/here', refused: true },
    'the API': { address: '/api/docs', plain: true },
  };
  await page.close();
});

test.afterAll(async () => {
  await server.stop();
  await empty.stop();
});

for (const colorScheme of ['light', 'dark']) {
  for (const viewport of SIZES) {
    test(`every page, ${colorScheme}, ${viewport.width} px`, async ({ browser }) => {
      // Thirty pages, each looked through by axe-core.
      test.setTimeout(300_000);
      for (const [name, { address, anonymous, plain, refused }] of Object.entries(pages)) {
        await test.step(name, async () => {
          const context = await browser.newContext({ viewport, colorScheme, storageState: anonymous ? undefined : session });
          const page = await context.newPage();
          const problems = [];
          page.on('pageerror', (error) => problems.push(error.message));
          page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
          await page.goto(new URL(address, server.url).href);
          if (!plain && !refused) await hydrated(page);
          await page.waitForLoadState('networkidle');
          if (process.env.SIGHTLINE_LOOK) await page.screenshot({ path: join(process.env.SIGHTLINE_LOOK, `${name}-${viewport.width}-${colorScheme}.png`) });
          // All pages are looked at, whatever the first of them shows.
          expect.soft(await serious(page), `axe-core on ${name}`).toEqual([]);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          expect.soft(wider, `${name} is wider than ${viewport.width} px`).toBeLessThanOrEqual(0);
          if (!refused) expect.soft(problems, name).toEqual([]);
          await context.close();
        });
      }
    });
  }
}
