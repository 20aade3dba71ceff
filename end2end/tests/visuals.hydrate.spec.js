// Every kind of visual on one page, and what readers and builders do with them.
import { randomUUID } from 'node:crypto';

import { expect, test } from '@playwright/test';

import { expectAccessible } from '../support/accessible.js';
import { Api } from '../support/api.js';
import { hydrated } from '../support/people.js';
import { Server } from '../support/server.js';

test.describe.configure({ mode: 'serial' });

let server;
let context;
let page;
let api;
let dashboard;
let tiles;

// Three regions with a shop each, every day of 90 days; the amounts of a region are all the same.
const SHOPS = [
  ['EU', 'Germany', 52.5, 13.4, 10],
  ['US', 'United States', 40.7, -74, 7],
  ['APAC', 'Japan', 35.7, 139.7, 3],
];

function csv() {
  const lines = ['Region,Country,Lat,Lon,Status,Day,Amount'];
  for (const [region, country, lat, lon, amount] of SHOPS) {
    for (let number = 0; number < 180; number += 1) {
      const day = new Date(Date.UTC(2024, 0, 1 + (number % 90))).toISOString().slice(0, 10);
      lines.push([region, country, lat, lon, number % 2 ? 'paid' : 'open', day, amount + (number % 5)].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

function kinds(table) {
  const by = (name) => ({ field: `${table}.${name}` });
  const day = (grain) => ({ ...by('day'), grain });
  const amount = { ...by('amount'), agg: 'sum' };
  const values = [amount];
  return {
    kpi: { wells: { values, trend: [day('week')] }, format: { target: 10000 } },
    gauge: { wells: { values }, format: { target: 6000 } },
    bullet: { wells: { axis: [by('region')], values }, format: { target: 2000 } },
    table: { wells: { axis: [by('region')], values, trend: [day('week')] } },
    pivot: { wells: { axis: [by('region'), by('country')], columns: [by('status')], values } },
    column: { wells: { axis: [day('month')], values } },
    bar: { wells: { axis: [by('region')], values }, format: { reference_lines: [{ at: 'average', tone: 'accent' }] } },
    line: { wells: { axis: [day('day')], values, legend: [by('region')] } },
    treemap: { wells: { axis: [by('region'), by('status')], values } },
    funnel: { wells: { axis: [by('region')], values } },
    waterfall: { wells: { axis: [by('region')], values } },
    sankey: { wells: { axis: [by('region'), by('status')], values } },
    heatmap: { wells: { axis: [by('region')], columns: [by('status')], values } },
    calendar: { wells: { axis: [day('day')], values } },
    histogram: { wells: { axis: [by('amount')], values: [] } },
    box_plot: { wells: { axis: [by('region')], values } },
    choropleth: { wells: { axis: [by('country')], values } },
    point_map: { wells: { axis: [], values: [], latitude: [by('lat')], longitude: [by('lon')], detail: [by('country')] } },
    area: { wells: { axis: [day('month')], values, small_multiples: [by('region')] } },
    own: {
      wells: { axis: [by('region')], values },
      format: {
        spec: {
          mark: 'bar',
          encoding: { x: { field: `${table}.region`.replace('.', '\\.'), type: 'nominal' }, y: { field: 'sum_amount', type: 'quantitative' } },
        },
      },
    },
  };
}

test.beforeAll(async ({ browser }) => {
  server = await Server.start({ demo: true });
  context = await browser.newContext();
  page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
  await page.goto(server.link);
  await page.waitForURL(/\/dashboards$/);
  api = new Api(page.request, server, 'sample');
  const dataset = await api.upload('shops.csv', csv());
  const model = await api.call('GET', `/models/${dataset.model}`);
  model.hierarchies = [{ name: 'places', levels: [`${dataset.model}.region`, `${dataset.model}.country`] }];
  await api.call('PUT', `/models/${dataset.model}`, model);
  const created = await api.call('POST', '/dashboards', { title: 'Kinds', dataset: dataset.id });
  const first = created.document.pages[0];
  tiles = {};
  const all = Object.entries(kinds(dataset.model)).map(([kind, { wells, format }], number) => {
    tiles[kind] = randomUUID();
    const rect = { x: (number % 3) * 8, y: Math.floor(number / 3) * 34, w: 8, h: 34 };
    return { id: tiles[kind], page: first.id, rect, content: { visual: { kind, title: kind, wells, format } } };
  });
  await api.call('PUT', `/dashboards/${created.id}`, { ...created.document, tiles: all });
  await api.call('POST', `/dashboards/${created.id}/publish`, {});
  dashboard = `${server.url}/w/sample/dashboards/${created.id}`;
});

test.afterAll(async () => {
  await server?.stop();
  expect(page?.problems, 'no script failed').toEqual([]);
  await context?.close();
});

const tile = (kind) => page.getByTestId(`tile-${tiles[kind]}`);

// All numbers of the state that was asked for have come.
async function settled() {
  await expect(page.locator('.tile__body[aria-busy="true"]')).toHaveCount(0);
}

async function letGo() {
  await page.getByTestId('selection-chip').click();
  await expect(page.getByTestId('selection-chip')).toHaveCount(0);
  await settled();
}

async function openAll() {
  await page.goto(dashboard);
  await hydrated(page);
}

test('every kind is drawn by the server, and the same by the browser', async ({ browser }) => {
  const quiet = await browser.newContext({ storageState: await context.storageState(), javaScriptEnabled: false });
  const still = await quiet.newPage();
  await still.goto(dashboard);
  await expect(still.locator('.tile__problem')).toHaveCount(0);
  // A number and two tables are no pictures.
  await expect(still.locator('.tile__chart svg')).toHaveCount(Object.keys(tiles).length - 3);
  await expect(still.getByTestId(`tile-${tiles.choropleth}`).locator('svg.marks')).not.toContainText('loading');
  await quiet.close();

  await openAll();
  await expect(page.locator('.tile__problem')).toHaveCount(0);
  const pairs = await page.evaluate(() =>
    [...document.querySelectorAll('.tile__chart')].map((chart) => [chart.closest('section').getAttribute('aria-label'), chart.dataset.drawn, chart.dataset.redrawn]),
  );
  const maps = ['choropleth', 'point_map'];
  for (const [name, drawn, redrawn] of pairs.filter(([name]) => !maps.includes(name))) expect(redrawn, name).toBe(drawn);
  await expect(tile('choropleth').locator('svg.marks')).not.toContainText('loading');
  await expectAccessible(page, 'all kinds of visuals');
});

test('numbers are those of the data', async () => {
  // 180 orders of each region: 20 a day and shop, with 0 to 4 on top.
  await expect(tile('kpi').locator('.kpi__value')).toHaveText('4,680');
  await expect(tile('kpi').locator('.kpi__target')).toContainText('%');
  await expect(tile('kpi').locator('.kpi__course svg')).toBeVisible();
  const total = tile('pivot').locator('tr.pivot__total').last();
  await expect(total).toContainText('4,680');
  await expect(tile('table').locator('tbody tr')).toHaveCount(3);
  await expect(tile('table').locator('tbody tr svg')).toHaveCount(3);
});

test('a click filters, a menu drills and shows records, and the way back works', async () => {
  await openAll();
  await tile('bar').locator('[data-row="0"]').click();
  await expect(page.getByTestId('selection-chip')).toContainText('EU');
  await expect(tile('kpi').locator('.kpi__value')).toHaveText('2,160');
  await letGo();
  await expect(tile('kpi').locator('.kpi__value')).toHaveText('4,680');

  await tile('column').locator('[data-row="1"]').click({ button: 'right' });
  await page.getByTestId('mark-drill').click();
  await expect(tile('column').getByTestId('drill-step')).toHaveText('2024-02-01');
  await expect(page).toHaveURL(/d\./);
  await expect(tile('column').locator('[data-row]')).toHaveCount(29);
  await page.goBack();
  await expect(tile('column').getByTestId('drill-step')).toHaveCount(0);

  // Along a hierarchy of the model, in place, and back by the chip.
  await tile('bar').locator('[data-row="2"]').click({ button: 'right' });
  await expect(page.getByTestId('mark-drill')).toHaveText('Look into APAC by country');
  await page.getByTestId('mark-drill').click();
  await expect(tile('bar').getByTestId('drill-step')).toHaveText('APAC');
  await expect(page).toHaveURL(/@to_/);
  await expect(tile('bar').locator('[data-row]')).toHaveCount(1);
  await expect(tile('bar')).toContainText('Japan');
  await page.reload();
  await hydrated(page);
  await expect(tile('bar')).toContainText('Japan');
  await tile('bar').getByTestId('drill-step').click();
  await expect(tile('bar').locator('[data-row]')).toHaveCount(3);

  await tile('bar').locator('[data-row="2"]').click({ button: 'right' });
  await page.getByTestId('mark-records').click();
  const records = page.getByTestId('records');
  await expect(records.locator('tbody tr').first()).toContainText('APAC');
  await expect(records.locator('thead th').first()).toContainText('Region');
  await page.keyboard.press('Escape');
  await expect(records).toBeHidden();
});

test('a brush zooms into a time line or filters the page by it', async () => {
  await settled();
  const line = tile('line').locator('.tile__chart');
  const before = await line.locator('svg.marks').innerHTML();
  await line.scrollIntoViewIfNeeded();
  const box = await line.boundingBox();
  const brush = async () => {
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.6, { steps: 5 });
    await page.mouse.up();
  };
  await brush();
  await tile('line').getByTestId('brush-zoom').click();
  await expect.poll(() => line.locator('svg.marks').innerHTML()).not.toBe(before);
  await tile('line').getByTestId('zoom-out').click();
  await expect.poll(() => line.locator('svg.marks').innerHTML()).toBe(before);
  await brush();
  await tile('line').getByTestId('brush-filter').click();
  await expect(page.getByTestId('selection-chip')).toBeVisible();
  await expect(tile('kpi').locator('.kpi__value')).not.toHaveText('4,680');
  await letGo();
});

test('keys go through the marks, a legend switches series off', async () => {
  await settled();
  const bar = tile('bar').locator('.tile__chart');
  await bar.focus();
  await page.keyboard.press('ArrowRight');
  await expect(tile('bar').locator('.tile__tip')).toContainText('EU');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('selection-chip')).toBeVisible();
  // The chart that was chosen in keeps its focus when the other numbers have come.
  await settled();
  await page.keyboard.press('Home');
  await expect(tile('bar').locator('.tile__tip')).toContainText('EU');
  await letGo();

  const lines = tile('line').locator('svg.marks .mark-line path');
  await expect(lines).toHaveCount(3);
  await tile('line').locator('text[data-legend]').first().click();
  await expect(lines).toHaveCount(2);
  await tile('line').locator('text[data-legend]').first().click();
  await expect(lines).toHaveCount(3);
});

test('other numbers leave the focus, the mark and the series as they were', async () => {
  await openAll();
  await tile('bar').locator('[data-row="0"]').click();
  await expect(tile('kpi').locator('.kpi__value')).toHaveText('2,160');
  await settled();
  const column = tile('column');
  await column.locator('.tile__chart').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(column.locator('.tile__tip')).toContainText('Feb 2024');
  await page.goBack();
  await expect(tile('kpi').locator('.kpi__value')).toHaveText('4,680');
  await settled();
  await expect(column.locator('.tile__chart')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(column.locator('.tile__tip')).toContainText('Mar 2024');

  const lines = tile('line').locator('svg.marks .mark-line path');
  await tile('line').locator('text[data-legend]').first().click();
  await expect(lines).toHaveCount(2);
  const before = await tile('line').locator('svg.marks').innerHTML();
  await column.locator('[data-row="1"]').click();
  await expect.poll(() => tile('line').locator('svg.marks').innerHTML()).not.toBe(before);
  await settled();
  await expect(lines).toHaveCount(2);
  await letGo();
  await expect(lines).toHaveCount(2);
});

test('a chart can be read as a table', async () => {
  await tile('treemap').hover();
  await tile('treemap').getByTestId('tile-menu').click();
  await page.getByTestId('show-as-table').click();
  await expect(tile('treemap').locator('tbody tr')).toHaveCount(6);
  await tile('treemap').getByTestId('tile-menu').click();
  await page.getByTestId('show-as-table').click();
  await expect(tile('treemap').locator('svg.marks')).toBeVisible();
});

test('a builder swaps kinds, adds a line and checks a specification', async () => {
  await page.goto(`${dashboard}/edit`);
  await hydrated(page);
  const canvas = page.getByTestId('canvas');
  const bar = canvas.getByTestId(`tile-${tiles.bar}`);
  await bar.locator('.tile__head').click();
  for (const kind of ['waterfall', 'treemap', 'funnel', 'heatmap', 'pivot', 'bar']) {
    await page.getByTestId(`kind-${kind}`).click();
    await expect(bar.locator('.tile__problem')).toHaveCount(0);
    await expect(bar.locator(kind === 'pivot' ? 'table.pivot' : 'svg.marks')).toBeVisible();
  }
  await page.getByTestId('tab-format').click();
  await page.getByTestId('add-reference-line').click();
  await page.getByTestId('reference-at').last().selectOption('value');
  await page.getByTestId('reference-value').last().fill('1500');
  await page.keyboard.press('Enter');
  await expect(bar.locator('svg.marks')).toContainText('1,500');
  await page.getByTestId('tab-build').click();
  await page.getByTestId('kind-own').click();
  await page.getByTestId('tab-format').click();
  const text = page.getByTestId('spec-text');
  await expect(text).toHaveValue(/"mark": "bar"/);
  await text.fill('{ "mark": "bar", "encoding": { "x": { "field": "nothing", "type": "nominal" } } }');
  await expect(page.getByTestId('spec-problems')).toContainText('nothing');
  await expect(page.getByTestId('spec-apply')).toBeDisabled();
  await text.fill('{ "mark": "bar", "encoding": { "x": { "field": "sum_amount", "type": "quantitative" } } }');
  await page.getByTestId('spec-apply').click();
  await expect(bar.locator('svg.marks')).toBeVisible();
  await expect(page.getByTestId('save-state')).toHaveText(/^Saved/);
});
