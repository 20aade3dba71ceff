// No serious finding of axe-core on a page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect } from '@playwright/test';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function expectAccessible(page, name) {
  expect(await serious(page), `axe-core on ${name}`).toEqual([]);
}

// What it finds, as lines.
export async function serious(page) {
  // Evaluated by the test tool, which the page's content policy does not bind.
  return page.evaluate(async (source) => {
    if (!window.axe) (0, eval)(source);
    const result = await window.axe.run(document, { resultTypes: ['violations'] });
    return result.violations
      .filter((finding) => ['serious', 'critical'].includes(finding.impact))
      .map((finding) => `${finding.id}: ${finding.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(' | ')}`);
  }, source);
}
