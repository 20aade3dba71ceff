// Building a dashboard by hand: drags, keys, undo, pages, filters, and two people at once.
import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { inside } from '../support/drag.js';
import { hydrated } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

let server;
let context;
let page;
let canvas;
let requests;

test.beforeAll(async ({ browser }) => {
  server = await Server.start({ demo: true });
  context = await browser.newContext();
  page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(server.link);
  await hydrated(page);
  await page.goto(`${server.url}/w/sample/dashboards`);
  await hydrated(page);
  await page.getByTestId('new-dashboard').click();
  await page.getByRole('dialog').getByLabel('Name').fill('By hand');
  await page.getByRole('button', { name: 'Create and design' }).click();
  await page.waitForURL(/\/edit$/);
  await hydrated(page);
  canvas = page.getByTestId('canvas');
  await expect(canvas).toBeVisible();
});

test.afterAll(async () => {
  await server?.stop();
  expect(page?.problems, 'no script failed').toEqual([]);
  await context?.close();
});

const field = (name) => page.getByTestId(`field-${name}`);
const tiles = () => canvas.locator('[data-tile]');
const selected = () => canvas.locator('.designer-tile--selected');
const spoken = () => page.getByTestId('spoken');

// Where the tiles stand, in cells.
const rects = () =>
  tiles().evaluateAll((all) =>
    all.map((tile) => ['--x', '--y', '--w', '--h'].map((name) => Number(tile.style.getPropertyValue(name)))),
  );

const rectOf = (tile) =>
  tile.evaluate((tile) => ['--x', '--y', '--w', '--h'].map((name) => Number(tile.style.getPropertyValue(name))));

async function saved() {
  await expect(page.getByTestId('save-state')).toHaveText(/^Saved/);
}

// Picks several fields with Ctrl and drags them together to a point; `over` looks at what is shown on the way.
async function dragFields(names, to, over) {
  for (const name of names.slice(1)) await field(name).click({ modifiers: ['Control'] });
  if (names.length > 1) await field(names[0]).click({ modifiers: ['Control'] });
  const start = await field(names[0]).boundingBox();
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 10 });
  await over?.();
  await page.mouse.up();
}

async function dragBy(from, dx, dy, { held, over } = {}) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  if (held) await page.keyboard.down(held);
  await page.mouse.move(from.x + dx, from.y + dy, { steps: 10 });
  await over?.();
  await page.mouse.up();
  if (held) await page.keyboard.up(held);
}

async function clearPage() {
  await page.keyboard.press('Escape');
  await canvas.click({ position: { x: 4, y: 4 } });
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(tiles()).toHaveCount(0);
}

const FIELDS = {
  revenue: 'sample_orders.revenue',
  profit: 'sample_orders.profit',
  date: 'sample_orders.order_date',
  region: 'sample_orders.region',
  country: 'sample_orders.country',
  channel: 'sample_orders.channel',
};

test('each combination of fields dropped on the page is a finished visual', async () => {
  const { revenue, profit, date, region, country, channel } = FIELDS;
  const cases = [
    [[revenue], 'New: number', 'kpi'],
    [[revenue, date], 'New: line', 'line'],
    [[revenue, region], 'New: bar', 'bar'],
    [[revenue, profit], 'New: scatter', 'scatter'],
    [[region, country, channel], 'New: table', 'table'],
  ];
  for (const [names, says, kind] of cases) {
    await dragFields(names, await inside(canvas, 0.4, 0.2), async () => {
      await expect(page.getByTestId('drag-badge')).toContainText(new RegExp(says, 'i'));
      await expect(page.getByTestId('ghost')).toBeVisible();
    });
    await expect(selected()).toHaveCount(1);
    await expect(page.getByTestId(`kind-${kind}`)).toHaveAttribute('aria-pressed', 'true');
    await expect(selected().locator('.kpi__value, svg.marks [data-row], tbody tr').first()).toBeVisible();
    await clearPage();
  }
});

test('a drop on a visual goes to the best well, and says so; another kind keeps the fields', async () => {
  await dragFields([FIELDS.revenue], await inside(canvas, 0.3, 0.2));
  await dragFields([FIELDS.region], await inside(selected(), 0.5, 0.5), () =>
    expect(page.getByTestId('drag-badge')).toContainText('Show as bar'),
  );
  await expect(page.getByTestId('pill-axis-0')).toContainText('Region');
  await dragFields([FIELDS.channel], await inside(page.getByTestId('well-legend'), 0.5, 0.5), () =>
    expect(page.getByTestId('drag-badge')).toContainText('Add to Legend'),
  );
  for (const kind of ['donut', 'table', 'column_stacked']) {
    await page.getByTestId(`kind-${kind}`).click();
    await expect(page.getByTestId(`kind-${kind}`)).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(page.getByTestId('pill-axis-0')).toContainText('Region');
  await expect(page.getByTestId('pill-values-0')).toContainText('Revenue');
  await expect(page.getByTestId('pill-legend-0')).toContainText('Channel');
});

test('the menu of a pill changes aggregation and keeps the top; the right click on a field filters', async () => {
  await page.getByTestId('pill-menu-values-0').click();
  const menu = page.locator('.menu:popover-open');
  await menu.getByRole('menuitemradio', { name: 'Average' }).click();
  await expect(page.getByTestId('pill-values-0')).toContainText('Average of Revenue');
  await page.getByTestId('pill-menu-axis-0').click();
  await menu.getByRole('menuitemradio', { name: 'Rename here' }).click();
  await page.getByLabel('Name in this visual').fill('Part of the world');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('pill-axis-0')).toContainText('Part of the world');
  await field(FIELDS.country).click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'Filter all pages by it' }).click();
  await expect(page.getByTestId('filter-country')).toBeVisible();
});

test('a tile is moved, resized by a handle, and clears its way', async () => {
  await clearPage();
  await field(FIELDS.revenue).click();
  await page.keyboard.press('Escape');
  await field(FIELDS.profit).click();
  await expect(tiles()).toHaveCount(2);
  const first = tiles().first();
  await first.click({ position: { x: 20, y: 16 } });
  const [x, y, w, h] = await rectOf(first);
  const corner = await page.getByTestId('handle-se').boundingBox();
  await dragBy({ x: corner.x + 6, y: corner.y + 6 }, 200, 80, {
    over: async () => {
      await expect(page.getByTestId('ghost')).toHaveText(/\d+ × \d+/);
      await expect(page.getByTestId('cleared')).toHaveCount(1);
    },
  });
  const grown = await rectOf(first);
  expect(grown.slice(0, 2)).toEqual([x, y]);
  expect(grown[2]).toBeGreaterThan(w);
  expect(grown[3]).toBe(h + 10);
  const all = await rects();
  expect(all[1][1], 'the neighbour went down').toBeGreaterThanOrEqual(grown[3]);
  await page.keyboard.press('Control+z');
  expect((await rects()).map((rect) => rect[1])).toEqual([0, 0]);
});

test('the keyboard moves, resizes, copies and deletes, and every step is spoken', async () => {
  const first = tiles().first();
  await first.click({ position: { x: 20, y: 16 } });
  const [x, y, w, h] = await rectOf(first);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(spoken()).toContainText(`row ${y + 6}`);
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Control+ArrowRight');
  expect(await rectOf(first)).toEqual([x, y + 6, w + 1, h]);
  await expect(spoken()).toContainText(`${w + 1} columns wide`);
  await page.keyboard.press('Control+d');
  await expect(tiles()).toHaveCount(3);
  await page.keyboard.press('Control+a');
  await expect(selected()).toHaveCount(3);
  await page.keyboard.press('Escape');
  await expect(selected()).toHaveCount(0);
  await first.focus();
  await page.keyboard.press('F2');
  await page.getByTestId('inline-text').fill('All revenue');
  await page.keyboard.press('Enter');
  await expect(first.getByRole('heading')).toHaveText('All revenue');
  await page.keyboard.press('Delete');
  await expect(tiles()).toHaveCount(2);
  await page.locator('.toast').last().getByRole('button', { name: 'Undo' }).click();
  await expect(tiles()).toHaveCount(3);
  await page.keyboard.press('?');
  await expect(page.getByTestId('shortcuts')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('undo has names, is listed with who did it, and survives a reload', async () => {
  await saved();
  await expect(page.getByTestId('undo')).toHaveAttribute('title', /^Undo: /);
  const before = await rects();
  await page.reload();
  await hydrated(page);
  await expect(tiles()).toHaveCount(3);
  await page.getByTestId('redo').click();
  await expect(tiles()).toHaveCount(2);
  await page.getByTestId('undo').click();
  await expect(tiles()).toHaveCount(3);
  expect(await rects()).toEqual(before);
  await page.getByTestId('history').click();
  await expect(page.getByTestId('history-list').getByText('Undo Delete All revenue').first()).toBeVisible();
  await expect(page.getByTestId('history-list').getByText(/^You, \d+ \w+ \d{4}, \d\d:\d\d$/).first()).toBeVisible();
  await page.keyboard.press('Escape');
});

test('pages are added, renamed, copied, moved and deleted', async () => {
  const tabs = page.getByTestId('page-tabs');
  await page.getByTestId('add-page').click();
  await expect(tiles()).toHaveCount(0);
  await tabs.getByTestId('page-1').dblclick();
  await page.getByTestId('inline-text').fill('Details');
  await page.keyboard.press('Enter');
  await expect(tabs.getByTestId('page-1')).toHaveText('Details');
  await tabs.getByTestId('page-0').click();
  await tabs.getByTestId('page-menu').click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(tabs.getByTestId('page-1')).toHaveText('Page 1 (copy)');
  await expect(tiles()).toHaveCount(3);
  const from = await tabs.getByTestId('page-1').boundingBox();
  const to = await tabs.getByTestId('page-2').boundingBox();
  await dragBy({ x: from.x + 20, y: from.y + 10 }, to.x + to.width - from.x - 30, 0);
  await expect(tabs.getByTestId('page-2')).toHaveText('Page 1 (copy)');
  await tabs.getByTestId('page-2').click();
  await tabs.getByTestId('page-menu').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(tabs.getByTestId('page-2')).toHaveCount(0);
  await tabs.getByTestId('page-0').click();
});

test('a click on a mark filters the other tiles in one request, and Back takes it back', async () => {
  await clearPage();
  await field(FIELDS.region).click();
  await page.keyboard.press('Escape');
  await dragFields([FIELDS.revenue], await inside(canvas, 0.7, 0.2));
  const bars = tiles().first();
  const figure = canvas.locator('.kpi__value');
  await expect(figure).toBeVisible();
  const all = await figure.textContent();
  await saved();
  requests.length = 0;
  await bars.locator('svg.marks [data-row="0"]').first().click();
  await expect(page.getByTestId('selection-chip')).toHaveCount(1);
  await expect(figure).not.toHaveText(all);
  expect(requests.filter((url) => url.includes('/api/fn/query/'))).toHaveLength(1);
  await expect(page).toHaveURL(/[?&]s\./);
  await page.goBack();
  await expect(page.getByTestId('selection-chip')).toHaveCount(0);
  await expect(figure).toHaveText(all);
});

test('readers’ filters: a list, a range, a relative date', async () => {
  const figure = canvas.locator('.kpi__value');
  const all = await figure.textContent();
  const changed = async (act) => {
    const before = await figure.textContent();
    await act();
    await expect(figure).not.toHaveText(before);
  };
  await dragFields([FIELDS.date], await inside(page.getByTestId('designer-filters'), 0.9, 0.5));
  await page.getByTestId('filter-order_date').locator('summary').click();
  await changed(() => page.getByTestId('filter-order_date').getByLabel('Range').selectOption('last_90d'));
  await page.keyboard.press('Escape');
  await page.getByTestId('filter-country').locator('summary').click();
  await changed(() => page.getByTestId('filter-country').getByLabel('Germany').check());
  await page.keyboard.press('Escape');
  await field(FIELDS.revenue).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Filter all pages by it' }).click();
  await page.getByTestId('filter-revenue').locator('summary').click();
  await changed(async () => {
    await page.getByTestId('filter-revenue').getByLabel('At least').fill('500');
    await page.keyboard.press('Tab');
  });
  await page.getByTestId('filters-reset').click();
  await expect(figure).toHaveText(all);
});

test('two tabs on one dashboard lose nothing', async () => {
  await saved();
  const other = await context.newPage();
  await other.goto(page.url());
  await hydrated(other);
  const theirs = other.getByTestId('canvas').locator('[data-tile]');
  await expect(theirs).toHaveCount(2);
  await other.getByTestId(`field-${FIELDS.channel}`).click();
  await tiles().first().click({ position: { x: 20, y: 16 } });
  await page.keyboard.press('F2');
  await page.getByTestId('inline-text').fill('Where it was sold');
  await page.keyboard.press('Enter');
  await saved();
  await expect(other.getByTestId('save-state')).toHaveText(/^Saved/);
  await other.bringToFront();
  await other.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  for (const all of [theirs, tiles()]) await expect(all).toHaveCount(3);
  await expect(other.getByRole('heading', { name: 'Where it was sold' })).toBeVisible();
  await other.close();
});

test('a copy of its own, and nothing serious for axe-core', async () => {
  await expectAccessible(page, 'the designer with tiles');
  await page.getByTestId('dashboard-menu').click();
  await page.getByTestId('save-copy').click();
  await page.getByTestId('copy-title').fill('Mine');
  const before = page.url();
  await page.getByRole('button', { name: 'Save and open the copy' }).click();
  await page.waitForURL((url) => url.href !== before && /\/edit/.test(url.pathname));
  await hydrated(page);
  await expect(page.getByTestId('dashboard-title')).toHaveText('Mine');
  await expect(tiles()).toHaveCount(3);
});

const chip = () => page.getByTestId('selection-chip');
const renaming = () => page.getByTestId('inline-text');
const depth = (tile) => tile.evaluate((tile) => Number(getComputedStyle(tile).zIndex));
const toast = (text) => page.locator('.toast').filter({ hasText: text }).last();

test('a table’s controls, rows and scrollbar keep what is done with them', async () => {
  await clearPage();
  await dragFields([FIELDS.region, FIELDS.country, FIELDS.channel, FIELDS.revenue], await inside(canvas, 0.3, 0.1));
  await page.getByTestId('kind-table').click();
  const table = selected();
  const pager = table.locator('.tile__pager');
  await expect(pager).toBeVisible();
  const [inner, outer] = [await pager.boundingBox(), await table.boundingBox()];
  expect(inner.y + inner.height, 'the pager is in the tile').toBeLessThanOrEqual(outer.y + outer.height);
  const rows = table.locator('tbody tr');
  const first = await rows.first().textContent();
  await pager.getByRole('button', { name: 'Next rows' }).click();
  await expect(pager).toContainText('51–');
  await expect(rows.first()).not.toHaveText(first);
  await pager.getByRole('button', { name: 'Previous rows' }).click();
  await expect(pager).toContainText('1–50');
  await expect(rows.first()).toHaveText(first);
  await table.getByRole('columnheader').first().getByRole('button').dblclick();
  await expect(renaming()).toHaveCount(0);
  await rows.nth(1).click();
  await expect(chip()).toHaveCount(1);
  await rows.nth(2).click({ modifiers: ['Control'] });
  await expect(table.locator('tr.table__chosen')).toHaveCount(2);
  await expect(selected()).toHaveCount(1);
  await rows.nth(3).focus();
  await page.keyboard.press('Enter');
  await expect(table.locator('tr.table__chosen')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(chip()).toHaveCount(0);
  // The scrollbar scrolls, and the tile stays where it is.
  const place = await rectOf(table);
  const box = await table.locator('.tile__table').boundingBox();
  await dragBy({ x: box.x + box.width - 5, y: box.y + 40 }, 0, 120);
  expect(await table.locator('.tile__table').evaluate((scroller) => scroller.scrollTop)).toBeGreaterThan(0);
  expect(await rectOf(table)).toEqual(place);
  await expect(selected()).toHaveCount(1);
});

test('a click beside the marks means the tile; of several selected it leaves one', async () => {
  await clearPage();
  await field(FIELDS.region).click();
  await page.keyboard.press('Escape');
  await field(FIELDS.channel).click();
  const bars = tiles().first();
  const bar = bars.locator('svg.marks [data-row]').last();
  await expect(bar).toBeVisible();
  const [mark, plot] = [await bar.boundingBox(), await bars.boundingBox()];
  // The shortest bar leaves room at its end.
  await page.mouse.click(Math.min(mark.x + mark.width + 24, plot.x + plot.width - 12), mark.y + mark.height / 2);
  await expect(bars).toHaveClass(/selected/);
  await expect(chip()).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await expect(selected()).toHaveCount(2);
  await bar.click();
  await expect(selected()).toHaveCount(1);
  await expect(chip()).toHaveCount(0);
  await bar.click();
  await expect(chip()).toHaveCount(1);
  // What is said about a mark lies over the other tiles.
  await bar.hover();
  await expect(bars.locator('.tile__tip')).toBeVisible();
  expect(await depth(bars)).toBeGreaterThan(await depth(tiles().nth(1)));
  await page.keyboard.press('Escape');
  // A number that only the tooltip says.
  const heading = await bars.getByRole('heading').textContent();
  await dragFields([FIELDS.profit], await inside(page.getByTestId('well-tooltip'), 0.5, 0.5));
  await expect(page.getByTestId('pill-tooltip-0')).toContainText('Profit');
  // The picture is drawn again when its numbers have come.
  await expect(async () => {
    await page.mouse.move(4, 4);
    await bar.hover();
    await expect(bars.locator('.tile__tip')).toContainText('Profit', { timeout: 500 });
  }).toPass();
  await expect(bars.getByRole('heading')).toHaveText(heading);
});

test('several tiles are chosen with the keyboard, and tabs turned', async () => {
  await page.keyboard.press('Control+a');
  await tiles().first().focus();
  await page.keyboard.press('Control+Space');
  await expect(selected()).toHaveCount(1);
  await expect(tiles().first()).not.toHaveClass(/selected/);
  await page.getByTestId('tab-build').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('tab-format')).toBeFocused();
  await expect(page.getByRole('tabpanel', { name: 'Format' })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('tab-build')).toHaveAttribute('aria-selected', 'true');
});

test('the order of tiles shows while they are selected, and what is added comes into view', async () => {
  const first = tiles().first();
  await first.click({ position: { x: 20, y: 16 } });
  await page.keyboard.press(']');
  expect(await depth(first)).toBeGreaterThan(await depth(tiles().nth(1)));
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  expect(await depth(first)).toBeLessThan(await depth(tiles().nth(1)));
  for (let copies = 0; copies < 3; copies += 1) await page.keyboard.press('Control+d');
  await expect(tiles()).toHaveCount(5);
  await expect(selected()).toBeInViewport({ ratio: 0.9 });
  for (let steps = 0; steps < 20; steps += 1) await page.keyboard.press('Shift+ArrowDown');
  await expect(selected()).toBeInViewport({ ratio: 0.9 });
});

test('a message’s Undo takes back its own action', async () => {
  await page.keyboard.press('Delete');
  await expect(tiles()).toHaveCount(4);
  await page.getByTestId('add-frame').click();
  await expect(tiles()).toHaveCount(5);
  await toast('Tile deleted').getByRole('button', { name: 'Undo' }).click();
  await expect(tiles()).toHaveCount(6);
  await expect(canvas.locator('.tile--frame')).toHaveCount(1);
});

test('what was done just before leaving is saved', async () => {
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.getByRole('link', { name: 'All dashboards' }).click();
  await page.getByRole('link', { name: 'Mine' }).click();
  await page.waitForURL(/\/edit/);
  await expect(page.getByTestId('empty-page')).toBeVisible();
  await saved();
  await expect(page.locator('.toast').filter({ hasText: 'brought back' })).toHaveCount(0);
  await toast('tiles deleted').getByRole('button', { name: 'Undo' }).click();
  await expect(tiles()).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(tiles()).not.toHaveCount(0);
});

test('a preview can only be read', async () => {
  await tiles().first().click({ position: { x: 20, y: 16 } });
  await page.keyboard.press('Control+c');
  const count = await tiles().count();
  await page.getByTestId('preview').click();
  await page.keyboard.press('Control+v');
  await page.getByTestId('dashboard-title').click();
  await expect(renaming()).toHaveCount(0);
  await expect(page.getByTestId('add-page')).toHaveCount(0);
  await expect(tiles()).toHaveCount(count);
  await page.getByTestId('preview').click();
  await page.getByTestId('add-page').click();
  await page.getByTestId('preview').click();
  await expect(page.getByTestId('empty-page')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('empty-page')).toBeVisible();
  await page.keyboard.press('Control+z');
});

test('the share dialog says its own errors, copies, pauses and asks before it revokes', async () => {
  await expect(page.getByTestId('publish')).toHaveText('Publish');
  await page.getByTestId('share').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByTestId('create-share').click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await page.keyboard.press('Escape');
  await saved();
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('publish')).toHaveText('Published');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByTestId('share').click();
  await dialog.getByTestId('share-views').fill('3');
  await dialog.getByText('Rows that readers see').click();
  await dialog.getByLabel('Model roles').fill('regional');
  await dialog.getByRole('button', { name: 'Add attribute' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('region');
  await dialog.getByLabel('Value', { exact: true }).fill('EU');
  if (process.env.SIGHTLINE_LOOK) await page.screenshot({ path: `${process.env.SIGHTLINE_LOOK}/share.png` });
  await dialog.getByTestId('create-share').click();
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/s\//);
  await expect(dialog.getByRole('row', { name: /regional · region = EU.*0 of 3/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expect(dialog.getByText('Paused')).toBeVisible();
  await dialog.getByRole('button', { name: 'Resume' }).click();
  await expect(dialog.getByText('Paused')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  const question = dialog.getByRole('group', { name: /Nobody can open/ });
  await question.getByRole('button', { name: 'Keep' }).click();
  await expect(dialog.getByRole('row')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await question.getByRole('button', { name: 'Revoke' }).click();
  await expect(dialog.getByText('Link revoked')).toBeVisible();
  await page.keyboard.press('Escape');
});
