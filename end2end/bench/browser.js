// What only a browser can tell: bytes, requests and paint of a shared page; frames and waiting times of the designer.
// Called by `cargo xtask bench` with a running server; prints one JSON object.
//
// node bench/browser.js SHARE_URL SIGN_IN_URL EDIT_URL
import { chromium } from '@playwright/test';

import config from '../playwright.config.js';
import { drag, inside } from '../support/drag.js';
import { hydrated } from '../support/people.js';

const [shareUrl, signInUrl, editUrl] = process.argv.slice(2);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

// A reader who has never been here: nothing cached, every byte counted as it comes over the wire.
async function coldShare(browser) {
  const context = await browser.newContext({ viewport: config.use.viewport });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let requests = 0;
  let bytes = 0;
  session.on('Network.requestWillBeSent', () => (requests += 1));
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.goto(shareUrl, { waitUntil: 'load' });
  await hydrated(page);
  await page.waitForLoadState('networkidle');
  const shown = await page.evaluate(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return { paintMs: paint?.startTime, charts: document.querySelectorAll('svg.marks').length };
  });
  // Charts in the page as it came, before any script.
  const html = await (await context.request.get(shareUrl)).text();
  const chartsInHtml = html.split('class="marks"').length - 1;
  await context.close();
  return { ...shown, chartsInHtml, requests, bytes };
}

// Scripting, style and layout that the browser's main thread did while `work` ran.
async function mainThread(session, work) {
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return (value('ScriptDuration') + value('LayoutDuration') + value('RecalcStyleDuration')) * 1000;
  };
  const before = await read();
  const result = await work();
  return { ms: (await read()) - before, result };
}

async function designer(browser) {
  const context = await browser.newContext({ viewport: config.use.viewport });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(signInUrl);
  await hydrated(page);
  await page.goto(editUrl);
  await hydrated(page);
  const canvas = page.getByTestId('canvas');
  const tiles = canvas.locator('[data-tile]');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="canvas"] svg.marks').length > 40);
  await page.waitForLoadState('networkidle');

  // One tile moved about: every step waits for its frame.
  // By its id: where it stands among the others changes with its place.
  const id = await tiles.nth(1).getAttribute('data-tile');
  const first = canvas.locator(`[data-tile="${id}"]`);
  await first.click({ position: { x: 40, y: 12 } });
  const box = await first.boundingBox();
  const stood = await first.getAttribute('style');
  const at = { x: box.x + 60, y: box.y + 12 };
  const steps = 60;
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 10, at.y + 10);
  const moving = await mainThread(session, async () => {
    for (let step = 0; step < steps; step += 1) {
      await page.mouse.move(at.x + 10 + step * 3, at.y + 10 + step * 4);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve())));
    }
  });
  await page.mouse.up();

  // Undo until the tile stands where it stood.
  await page.waitForTimeout(500);
  if ((await first.getAttribute('style')) === stood) throw new Error('the tile was not moved');
  const undo = await page.evaluate(
    ([id, stood]) =>
      new Promise((resolve) => {
        const start = performance.now();
        const look = () => {
          if (document.querySelector(`[data-tile="${id}"]`).getAttribute('style') === stood) resolve(performance.now() - start);
          else if (performance.now() - start > 5000) resolve(null);
          else requestAnimationFrame(look);
        };
        document.querySelector('[data-testid="undo"]').click();
        look();
      }),
    [id, stood],
  );

  // A field dropped on the empty end of the page until its number stands there.
  const drops = [];
  for (let round = 0; round < 5; round += 1) {
    await canvas.evaluate((element) => {
      let scroller = element;
      while (scroller && scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement;
      scroller?.scrollTo(0, scroller.scrollHeight);
    });
    const before = await tiles.count();
    const field = page.locator('[data-testid^="field-"][data-testid$="revenue"]').first();
    await page.evaluate(() => {
      const known = new Set([...document.querySelectorAll('[data-tile]')].map((tile) => tile.dataset.tile));
      window.__shown = new Promise((resolve) => {
        addEventListener('pointerup', () => {
          const start = performance.now();
          const look = () => {
            const fresh = [...document.querySelectorAll('[data-tile]')].find((tile) => !known.has(tile.dataset.tile));
            if (fresh?.querySelector('.kpi__value')) resolve(performance.now() - start);
            else requestAnimationFrame(look);
          };
          look();
        }, { once: true, capture: true });
      });
    });
    await drag(page, field, await inside(page.locator('[data-testid="canvas"]').locator('xpath=..'), 0.85, 0.9));
    drops.push(await Promise.race([page.evaluate(() => window.__shown), new Promise((resolve) => setTimeout(() => resolve(null), 10_000))]));
    if ((await tiles.count()) === before) drops.pop();
    await page.keyboard.press('Control+z');
    await page.waitForTimeout(300);
  }
  const count = await tiles.count();
  await context.close();
  const shown = drops.filter((time) => time !== null);
  return { tiles: count, frameMs: moving.ms / steps, undoMs: undo, dropMs: shown.length ? median(shown) : null };
}

const browser = await chromium.launch({ ...config.use.launchOptions, headless: true });
try {
  const share = [];
  for (let round = 0; round < 5; round += 1) share.push(await coldShare(browser));
  const paint = median(share.map((one) => one.paintMs));
  const result = { share: { ...share[0], paintMs: paint }, designer: await designer(browser) };
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}
