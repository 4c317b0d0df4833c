// The same job by sharp: `node sharp.mjs cascade` or `node sharp.mjs clone`. An order a line on stdin, a receipt a line
// on stdout, as in worker.go.
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';

const edges = [2048, 1024, 512, 256];
const side = 200;
const jpeg = { quality: 80 };
const inside = (edge) => ({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true });

// What a careful person writes: one decode, shrunk while loading; each size from the one before it, whose pixels stay in
// memory; the square from the smallest that covers it; files encoded while the next size is made. The square is cut out
// before it is resized, since `fit: 'cover'` rounds its place to whole pixels of the result, and so is half of one off.
async function cascade(original) {
  const files = [];
  let source = () => sharp(original).autoOrient();
  let square, cut;
  for (const edge of edges) {
    const { data, info: { width, height, channels } } =
      await source().resize(inside(edge)).raw().toBuffer({ resolveWithObject: true });
    source = () => sharp(data, { raw: { width, height, channels } });
    files.push(source().jpeg(jpeg).toBuffer());
    const short = Math.min(width, height);
    if (short >= side || !square) {
      square = source;
      cut = { left: (width - short) >> 1, top: (height - short) >> 1, width: short, height: short };
    }
  }
  files.push(square().extract(cut).resize(side, side).jpeg(jpeg).toBuffer());
  return Promise.all(files);
}

// What people write, as in sharp's own documentation: every size from a clone of the original.
function clone(original) {
  const upright = sharp(original).autoOrient();
  const sizes = edges.map((edge) => upright.clone().resize(inside(edge)));
  sizes.push(upright.clone().resize(side, side));
  return Promise.all(sizes.map((size) => size.jpeg(jpeg).toBuffer()));
}

const ways = { cascade, clone };
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
