// A real public data set: US domestic flights of 2001, from the npm package vega-datasets, as CSV.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

export const FLIGHT_ROWS = 250_000;

const here = dirname(fileURLToPath(import.meta.url));
let made;

// Path of a CSV of 250,000 flights, and the figures a reader must see.
export async function flightsCsv() {
  if (made && existsSync(made.path)) return made;
  const bytes = readFileSync(join(here, '../node_modules/vega-datasets/data/flights-3m.parquet'));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const rows = await parquetReadObjects({ file, compressors, rowStart: 0, rowEnd: FLIGHT_ROWS });
  const lines = ['Date,Delay,Distance,Origin,Destination'];
  let distance = 0;
  const origins = new Map();
  for (const row of rows) {
    distance += Number(row.distance);
    origins.set(row.origin, (origins.get(row.origin) ?? 0) + Number(row.distance));
    lines.push([row.date.toISOString().slice(0, 19).replace('T', ' '), row.delay, row.distance, row.origin, row.destination].join(','));
  }
  const path = join(mkdtempSync(join(tmpdir(), 'sightline-flights-')), 'flights.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const [topOrigin] = [...origins.entries()].sort((a, b) => b[1] - a[1]);
  made = { path, rows: rows.length, distance, topOrigin: topOrigin[0] };
  return made;
}
