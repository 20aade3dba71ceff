// A small table whose every figure is known, and a published dashboard over it.
import { randomUUID } from 'node:crypto';

// 600 orders of three regions; the amounts of a region are all the same.
export const AMOUNT = { EU: 10, US: 7, APAC: 3 };
const EACH = 200;

export function ordersCsv() {
  const lines = ['Region,Status,Day,Amount'];
  for (const region of Object.keys(AMOUNT)) {
    for (let number = 0; number < EACH; number += 1) {
      const day = new Date(Date.UTC(2024, 0, 1 + (number % 90))).toISOString().slice(0, 10);
      lines.push([region, number % 2 ? 'paid' : 'open', day, AMOUNT[region]].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

// What the figure reads for these regions, as people write it.
export function total(...regions) {
  const sum = (regions.length ? regions : Object.keys(AMOUNT)).reduce((sum, region) => sum + AMOUNT[region] * EACH, 0);
  return sum.toLocaleString('en-GB');
}

function visual(page, rect, kind, wells, title) {
  const [x, y, w, h] = rect;
  return { id: randomUUID(), page, rect: { x, y, w, h }, content: { visual: { kind, title, wells } } };
}

// Two pages: a figure, bars and a table; and a column chart. Filters on region and status.
export async function ordersDashboard(api, file = 'orders.csv') {
  const dataset = await api.upload(file, ordersCsv());
  const created = await api.call('POST', '/dashboards', { title: 'Orders', dataset: dataset.id });
  const table = dataset.model;
  const first = created.document.pages[0];
  const second = { id: randomUUID(), order: `${first.order}i`, title: 'By status' };
  const amount = { field: `${table}.amount`, agg: 'sum' };
  const region = { field: `${table}.region` };
  const status = { field: `${table}.status` };
  const tiles = [
    visual(first.id, [0, 0, 8, 16], 'kpi', { values: [amount] }, 'Revenue'),
    visual(first.id, [8, 0, 16, 40], 'bar', { axis: [region], values: [amount] }, 'Revenue by region'),
    visual(first.id, [0, 40, 24, 30], 'table', { axis: [region, status, amount] }, 'All orders'),
    visual(second.id, [0, 0, 24, 40], 'column', { axis: [status], values: [amount] }, 'Revenue by status'),
  ];
  const filter = (field, order) => ({ id: randomUUID(), order, scope: 'dashboard', target: { field } });
  const document = {
    ...created.document,
    pages: [first, second],
    tiles,
    filters: [filter(`${table}.region`, 'i'), filter(`${table}.status`, 'r')],
  };
  await api.call('PUT', `/dashboards/${created.id}`, document);
  await api.call('POST', `/dashboards/${created.id}/publish`, {});
  return { id: created.id, dataset: dataset.id, table, tiles, pages: [first, second], document };
}
