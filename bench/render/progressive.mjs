// `node progressive.mjs photo.jpg quality` writes a JPEG anew, in scans of ever finer detail.
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

const [path, quality] = process.argv.slice(2);
await sharp(readFileSync(path)).jpeg({ quality: Number(quality), progressive: true }).toFile(path);
