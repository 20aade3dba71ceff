// Milliseconds that Chromium takes to draw charts in WebAssembly, and to show them. Called by `cargo xtask bench charts`; prints
// {"specs": {"NAME": {"drawMs": …, "shownMs": …}}, "tile": {…}}, medians over the rounds. What is refused is left out.
//
// node bench/charts.js MODULE_FOLDER SCRIPT SPECS_FOLDER ROUNDS NAME...
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from '@playwright/test';

import config from '../playwright.config.js';

const [folder, script, specsFolder, rounds, ...names] = process.argv.slice(2);
const specs = Object.fromEntries(names.map((name) => [name, readFileSync(join(specsFolder, 'specs', `${name}.vl.json`), 'utf8')]));

// Revenue by month and region: three years of four series, stacked.
const regions = ['North', 'East', 'South', 'West'];
const rows = [];
for (let month = 0; month < 36; month += 1) {
  const start = `${2023 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
  regions.forEach((region, at) => rows.push([start, region, 1000 + 400 * Math.sin(month * 0.7 + at) + 20 * month]));
}
const tile = {
  visual: {
    kind: 'column_stacked',
    wells: {
      axis: [{ field: 'orders.at', grain: 'month' }],
      values: [{ metric: 'revenue' }],
      legend: [{ field: 'orders.region' }],
    },
  },
  answer: {
    columns: [
      { name: 'orders.at', role: 'dimension', type: 'date', label: 'Month', grain: 'month' },
      { name: 'orders.region', role: 'dimension', type: 'string', label: 'Region' },
      { name: 'revenue', role: 'metric', type: 'number', label: 'Revenue' },
    ],
    rows,
    version: 1,
    as_of: '2026-01-01T00:00:00Z',
    cache: 'miss',
    truncated: false,
  },
};

const host = 'http://charts.test';
const types = { js: 'text/javascript', wasm: 'application/wasm' };
const browser = await chromium.launch({ ...config.use.launchOptions, headless: true });
try {
  const page = await browser.newPage({ viewport: config.use.viewport });
  await page.route(`${host}/**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html><div id="place"></div>' });
    return route.fulfill({ contentType: types[path.split('.').pop()], body: readFileSync(join(folder, path)) });
  });
  await page.goto(host);
  const times = await page.evaluate(
    async ({ script, specs, tile, rounds }) => {
      const module = await import(script);
      await module.default();
      const place = document.getElementById('place');
      const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
      // The browser's clock is coarse: as many drawings at once as take some milliseconds.
      const time = (work) => {
        let count = 1;
        let begin = performance.now();
        work();
        while (performance.now() - begin < 5) {
          work();
          count += 1;
        }
        const seen = [];
        for (let round = 0; round < rounds; round += 1) {
          begin = performance.now();
          for (let at = 0; at < count; at += 1) work();
          seen.push((performance.now() - begin) / count);
        }
        return median(seen);
      };
      const measure = (draw) => ({
        drawMs: time(draw),
        shownMs: time(() => {
          place.innerHTML = draw();
          place.getBoundingClientRect();
        }),
      });
      const result = { specs: {}, tile: null };
      for (const [name, text] of Object.entries(specs)) {
        const specification = new module.Specification(text);
        try {
          result.specs[name] = measure(() => specification.draw());
        } catch {
          // Maps, box plots and data by address are not in the browser's code.
        }
      }
      const one = new module.Tile(JSON.stringify(tile.visual), JSON.stringify(tile.answer));
      result.tile = measure(() => one.draw(480, 300));
      return result;
    },
    { script: `${host}/${script}`, specs, tile, rounds: Number(rounds) },
  );
  console.log(JSON.stringify(times));
} finally {
  await browser.close();
}
