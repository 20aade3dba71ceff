// Times Vega on Vega-Lite specifications, from the parsed specification to the text of the SVG, in one process.
// Run by `cargo xtask bench charts` in the folder where vega and vega-lite are installed; prints
// {"NAME": {"compile_us": …, "whole_us": …}}, medians over the rounds. What Vega does not draw is left out.
//
// node vega_times.mjs SPECS_FOLDER ROUNDS NAME...
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [folder, rounds, ...names] = process.argv.slice(2);
const packages = createRequire(join(process.cwd(), 'package.json'));
const load = (name) => import(pathToFileURL(packages.resolve(name)));
const vega = await load('vega');
const vegaLite = await load('vega-lite');

const warmUps = 3;
const files = new Map();
const loader = vega.loader();
// As ours has it: the bytes are in memory, reading them as JSON or CSV is part of the time.
loader.load = async (address) => {
  if (!files.has(address)) files.set(address, readFileSync(join(folder, address), 'utf8'));
  return files.get(address);
};
// Both would write warnings of some specifications to the terminal.
const quiet = vega.logger(vega.None);

async function draw(specification) {
  const begin = performance.now();
  const compiled = vegaLite.compile(specification, { logger: quiet }).spec;
  const compile = performance.now() - begin;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', loader, logger: quiet });
  await view.toSVG();
  const whole = performance.now() - begin;
  view.finalize();
  return { compile, whole };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const times = {};
for (const name of names) {
  const text = readFileSync(join(folder, 'specs', `${name}.vl.json`), 'utf8');
  try {
    const seen = [];
    for (let round = -warmUps; round < Number(rounds); round += 1) {
      // Vega writes into the rows it is given: each round has its own, made outside of the time.
      const one = await draw(JSON.parse(text));
      if (round >= 0) seen.push(one);
    }
    times[name] = {
      compile_us: median(seen.map((one) => one.compile)) * 1000,
      whole_us: median(seen.map((one) => one.whole)) * 1000,
    };
  } catch (error) {
    console.error(`${name}: ${error.message}`);
  }
}
console.log(JSON.stringify(times));
