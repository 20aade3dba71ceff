// A group of people gets a role, then a dashboard that nobody else sees, and in the end nothing again: seen from three sides.
import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { ordersDashboard, total } from '../support/orders.js';
import { OWNER, hydrated, join, setUp } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

const GITA = { name: 'Gita Field', email: 'gita@example.org', password: 'a third long passphrase 5' };
const VERA = { name: 'Vera Viewer', email: 'vera@example.org', password: 'quite another passphrase' };

let server;
let api;
let dashboard;
// The owner and administrator, the person in the group, and a member beside it.
let page;
let gita;
let vera;

test.beforeAll(async ({ browser }) => {
  server = await Server.start();
  page = await (await browser.newContext()).newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  await setUp(page, server);
  api = new Api(page.context().request, server);
  dashboard = await ordersDashboard(api);
  gita = await join(browser, (await api.call('POST', '/invites', { role: 'editor' })).url, GITA);
  vera = await join(browser, (await api.call('POST', '/invites', { role: 'viewer' })).url, VERA);
  // She keeps her account; only the group is to bring her back.
  const { items } = await api.call('GET', '/members');
  const { user } = items.find((member) => member.email === GITA.email);
  await api.call('DELETE', `/members/${user}`);
});

test.afterAll(async () => {
  for (const one of [page, gita, vera]) await one?.context().close();
  await server?.stop();
  expect(page?.problems, 'no script failed').toEqual([]);
});

// Answers the status.
async function open(who, path) {
  const answer = await who.goto(`${server.url}${path}`);
  if (answer.ok()) await hydrated(who);
  return answer.status();
}

async function whoCanSee(who) {
  await open(who, '/w/acme/dashboards');
  await who.getByRole('button', { name: 'More for Orders' }).click();
  await who.getByRole('menuitem', { name: 'Who can see this' }).click();
  return who.getByRole('dialog', { name: 'Who can see “Orders”' });
}

const seen = (dialog, person) => dialog.getByTestId('can-see').filter({ hasText: person.name });

test('an administrator makes a group and puts a person in it', async () => {
  await open(page, '/settings/account');
  await page.getByRole('link', { name: 'Groups' }).click();
  await expect(page.getByRole('heading', { name: 'No groups yet' })).toBeVisible();
  await page.getByLabel('Name').fill('Field team');
  await page.getByRole('button', { name: 'Make the group' }).click();

  const dialog = page.getByRole('dialog', { name: 'Field team' });
  await expect(dialog.getByText('Nobody yet.')).toBeVisible();
  const search = dialog.getByRole('searchbox', { name: 'Add a person' });
  await search.fill('nobody at all');
  await expect(dialog.getByText('Nobody found.')).toBeVisible();
  await search.fill('gita');
  await expect(dialog.getByTestId('found-person')).toHaveCount(1);
  await dialog.getByRole('button', { name: `Add ${GITA.name}` }).click();
  await expect(dialog.getByTestId('group-person')).toContainText(GITA.email);
  await expect(dialog.getByTestId('found-person')).toContainText('In the group');
  await expectAccessible(page, 'a group');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByTestId('group')).toHaveText(/Field team\s*1\s*0/);
  await expectAccessible(page, 'groups');
});

test('a name is taken once, in whichever letters', async () => {
  await page.getByLabel('Name').fill('FIELD TEAM');
  await page.getByRole('button', { name: 'Make the group' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByTestId('group')).toHaveCount(1);
});

test('an owner gives the group a role, and its people come in', async () => {
  expect(await open(gita, '/w/acme/dashboards')).toBe(404);
  await open(page, '/w/acme/members');
  const groups = page.getByRole('region', { name: 'Groups' });
  await groups.getByLabel('Group', { exact: true }).selectOption({ label: 'Field team' });
  await groups.getByLabel('Role of the group').selectOption('editor');
  await groups.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('Saved for Field team')).toBeVisible();
  const row = page.getByTestId('group-role');
  await expect(row.getByLabel('Role of Field team')).toHaveValue('editor');
  await row.getByText('1 person').click();
  await expect(row.getByText(GITA.name)).toBeVisible();
  await expectAccessible(page, 'the members page with a group');

  expect(await open(gita, '/w/acme/dashboards')).toBe(200);
  await expect(gita.getByRole('link', { name: 'Orders' })).toBeVisible();
  await open(gita, '/w/acme/members');
  await expect(gita.getByTestId('group-role')).toContainText('Editor');
  await expect(gita.getByRole('button', { name: 'Remove' })).toHaveCount(0);
  await expect(gita.getByRole('button', { name: 'Add' })).toHaveCount(0);
});

test('a dashboard is given to the group alone', async () => {
  await open(vera, '/w/acme/dashboards');
  await expect(vera.getByRole('link', { name: 'Orders' })).toBeVisible();

  const dialog = await whoCanSee(page);
  await expect(dialog.getByTestId('can-see')).toHaveCount(3);
  await expect(seen(dialog, OWNER)).toContainText('Owner of the workspace');
  await expect(seen(dialog, VERA)).toContainText('Viewer in the workspace');
  await expect(seen(dialog, GITA)).toContainText('By the group Field team');
  await expect(seen(dialog, GITA)).toContainText('Can edit');
  const save = dialog.getByRole('button', { name: 'Save' });
  await expect(save).toBeDisabled();
  await dialog.getByLabel('Only chosen people and the owners').check();
  await expect(save).toBeEnabled();
  // What is put back needs no saving.
  await dialog.getByLabel('Everybody in the workspace, by their role').check();
  await expect(save).toBeDisabled();
  await dialog.getByLabel('Only chosen people and the owners').check();
  await dialog.getByLabel('Person or group to add').selectOption({ label: 'Field team' });
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog.getByLabel('What Field team can do')).toHaveValue('viewer');
  await expectAccessible(page, 'who can see a dashboard');
  await save.click();
  await expect(dialog.getByText('Saved.')).toBeVisible();
  await expect(save).toBeDisabled();
  await expect(dialog.getByTestId('can-see')).toHaveCount(2);
  await expect(seen(dialog, OWNER)).toContainText('Owner of the workspace');
  await expect(seen(dialog, GITA)).toContainText('By the group Field team, chosen here');
  await expect(seen(dialog, GITA)).toContainText('Can view');
  await dialog.getByRole('button', { name: 'Close' }).click();
  const row = page.getByRole('row', { name: /Orders/ });
  await expect(row.getByText('Only chosen people')).toBeVisible();
  await page.reload();
  await expect(row.getByText('Only chosen people')).toBeVisible();
});

test('a member outside the group neither finds it nor opens it', async () => {
  await open(vera, '/w/acme/dashboards');
  await expect(vera.getByRole('heading', { name: 'Dashboards' })).toBeVisible();
  await expect(vera.getByRole('link', { name: 'Orders' })).toHaveCount(0);
  expect(await open(vera, `/w/acme/dashboards/${dashboard.id}`)).toBe(403);
  await expect(vera.getByRole('alert')).toContainText('given to chosen people only');
});

test('a person of the group reads it, and reads who else does', async () => {
  expect(await open(gita, `/w/acme/dashboards/${dashboard.id}`)).toBe(200);
  await expect(gita.locator('.kpi__value')).toHaveText(total());
  const dialog = await whoCanSee(gita);
  await expect(dialog.getByText('Only chosen people and the owners.')).toBeVisible();
  await expect(dialog.getByTestId('grant')).toContainText('Field team');
  await expect(dialog.getByTestId('can-see')).toHaveCount(2);
  await expect(dialog.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(dialog.getByRole('combobox')).toHaveCount(0);
});

test('the same stands under Share, with what is open to people outside', async () => {
  await api.call('POST', `/dashboards/${dashboard.id}/shares`, {}, 201);
  await open(page, `/w/acme/dashboards/${dashboard.id}`);
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await expect(dialog.getByTestId('create-share')).toBeVisible();
  await dialog.getByRole('tab', { name: 'People' }).click();
  await expect(dialog.getByTestId('open-outside')).toHaveText('1 link is open to people outside.');
  await dialog.getByLabel('What Field team can do').selectOption('editor');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(seen(dialog, GITA)).toContainText('Can edit');
  await expectAccessible(page, 'the people of Share');
});

test('data is given to chosen people in the same way', async () => {
  await open(page, `/w/acme/datasets/${dashboard.dataset}`);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Who can see this' }).click();
  const dialog = page.getByRole('dialog', { name: /^Who can see/ });
  await dialog.getByLabel('Only chosen people and the owners').check();
  await dialog.getByLabel('Person or group to add').selectOption({ label: VERA.name });
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByRole('button', { name: `Remove ${VERA.name}` }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Saved.')).toBeVisible();
  await expect(dialog.getByTestId('can-see')).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('heading', { level: 1 }).getByText('Only chosen people')).toBeVisible();
  await open(page, '/w/acme/datasets');
  await expect(page.getByRole('row').getByText('Only chosen people')).toBeVisible();
  await open(vera, '/w/acme/datasets');
  await expect(vera.getByText('No data yet.')).toBeVisible();
});

test('whoever leaves the group loses what it gave, and a group can be deleted', async () => {
  await open(page, '/settings/groups');
  await page.getByRole('button', { name: 'Manage Field team' }).click();
  const dialog = page.getByRole('dialog', { name: 'Field team' });
  await expect(dialog.getByTestId('group-place')).toHaveText(/Acme\s*Editor/);
  const row = dialog.getByTestId('group-person');
  await row.getByRole('button', { name: 'Remove' }).click();
  await row.getByRole('button', { name: 'Remove' }).click();
  await expect(dialog.getByText('Nobody yet.')).toBeVisible();
  expect(await open(gita, '/w/acme/dashboards')).toBe(404);

  await dialog.getByLabel('Name').fill('Field crew');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  const renamed = page.getByRole('dialog', { name: 'Field crew' });
  await expect(renamed.getByText('Renamed.')).toBeVisible();
  await renamed.getByRole('button', { name: 'Delete group' }).click();
  await renamed.getByRole('button', { name: 'Delete group' }).click();
  await expect(page.getByText('The group is deleted.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No groups yet' })).toBeVisible();
  await open(page, '/w/acme/members');
  await expect(page.getByRole('link', { name: 'Make the first group' })).toBeVisible();
});
