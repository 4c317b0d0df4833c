// Two ways to do the job with sharp, by name.
import sharp from 'sharp';

const edges = [2048, 1024, 512, 256];
const side = 200;
const jpeg = { quality: 80 };
const inside = (edge) => ({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true });

// What a careful person writes: one decode, shrunk while loading; each size from the one before it, whose pixels stay in
// memory; the square from the smallest that covers it; files encoded while the next size is made, PNG where there is
// transparency. The square is cut out before it is resized, since `fit: 'cover'` rounds its place to whole pixels of the
// result, and so is half of one off.
async function cascade(original) {
  const files = [];
  let source = () => sharp(original).autoOrient();
  let square, cut;
  for (const edge of edges) {
    const { data, info: { width, height, channels } } =
      await source().resize(inside(edge)).raw().toBuffer({ resolveWithObject: true });
    source = () => sharp(data, { raw: { width, height, channels } });
    const encode = (picture) => (channels === 4 ? picture.png() : picture.jpeg(jpeg)).toBuffer();
    files.push(encode(source()));
    const from = source;
    const short = Math.min(width, height);
    if (short >= side || !square) {
      square = () => encode(from().extract(cut).resize(side, side));
      cut = { left: (width - short) >> 1, top: (height - short) >> 1, width: short, height: short };
    }
  }
  files.push(square());
  return Promise.all(files);
}

// What people write, as in sharp's own documentation: every size from a clone of the original.
function clone(original) {
  const upright = sharp(original).autoOrient();
  const sizes = edges.map((edge) => upright.clone().resize(inside(edge)));
  sizes.push(upright.clone().resize(side, side));
  return Promise.all(sizes.map((size) => size.jpeg(jpeg).toBuffer()));
}

export const ways = { cascade, clone };
