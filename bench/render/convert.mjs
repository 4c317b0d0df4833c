// `node convert.mjs PHOTO OUT` writes a photo in the format that OUT's name ends in; a TIFF as scanners and editors do.
import sharp from 'sharp';

const [photo, out] = process.argv.slice(2);
const picture = sharp(photo);
await (out.endsWith('.tiff') ? picture.tiff({ compression: 'lzw' }) : picture).toFile(out);
