// The same job by sharp: `node sharp.mjs cascade` or `node sharp.mjs clone`. An order a line on stdin, a receipt a line
// on stdout, as in worker.go.
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { ways } from './ways.mjs';

const way = ways[process.argv[2]];
if (!way) throw new Error(`a way is one of ${Object.keys(ways)}`);
sharp.cache(false); // of operations: the same photo again must be as new

for await (const line of createInterface({ input: process.stdin })) {
  const { photo, out } = JSON.parse(line);
  const started = performance.now();
  const files = await way(await readFile(photo));
  const wall = (performance.now() - started) / 1000;
  if (out) files.forEach((file, i) => writeFileSync(join(out, `${i}.jpg`), file));
  const { user, system } = process.cpuUsage();
  const status = readFileSync('/proc/self/status', 'utf8');
  console.log(JSON.stringify({
    wall,
    cpu: (user + system) / 1e6,
    peak: Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) / 1024,
    bytes: files.reduce((sum, file) => sum + file.length, 0),
  }));
}
