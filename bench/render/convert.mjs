// `node convert.mjs PHOTO OUT` writes a photo in the format that OUT's name ends in.
import sharp from 'sharp';

const [photo, out] = process.argv.slice(2);
await sharp(photo).toFile(out);
