// `node convert.mjs PHOTO OUT` writes a photo in the format that OUT's name ends in: a TIFF as scanners and editors do, and
// a PNG as sharp does, `-filtered` as most other software does, or `-transparent` like glass.
import sharp from 'sharp';

const [photo, out] = process.argv.slice(2);
const ways = [
  ['.tiff', (picture) => picture.tiff({ compression: 'lzw' })],
  ['-filtered.png', (picture) => picture.png({ adaptiveFiltering: true })],
  ['-transparent.png', (picture) => picture.ensureAlpha(0.8).png({ adaptiveFiltering: true })],
  ['', (picture) => picture],
];
const [, write] = ways.find(([end]) => out.replace('.part', '').endsWith(end));
await write(sharp(photo)).toFile(out);
