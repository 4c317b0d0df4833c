// A ThumbHash is 25 bytes that draw a picture's blur before anything of it has been fetched.
import { thumbHashToRGBA } from 'thumbhash';

export interface Blur {
  w: number;
  h: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

const longest = 64; // characters; a ThumbHash has at most 36

/** blur decodes a placeholder; undefined for what is none. */
export function blur(placeholder: string): Blur | undefined {
  if (placeholder.length > longest) return undefined;
  try {
    const bytes = Uint8Array.from(atob(placeholder), (c) => c.charCodeAt(0));
    if (bytes.length < needed(bytes)) return undefined;
    const { w, h, rgba } = thumbHashToRGBA(bytes);
    return { w, h, rgba: new Uint8ClampedArray(rgba) };
  } catch {
    return undefined;
  }
}

/** How many bytes the header says there must be: the decoder itself reads past the end, and draws nothing. */
function needed(hash: Uint8Array): number {
  if (hash.length < 5) return Infinity;
  const hasAlpha = hash[2]! >> 7;
  const landscape = hash[4]! >> 7;
  const side = hash[3]! & 7;
  const lx = Math.max(3, landscape ? (hasAlpha ? 5 : 7) : side);
  const ly = Math.max(3, landscape ? side : hasAlpha ? 5 : 7);
  const nibbles = factors(lx, ly) + 2 * factors(3, 3) + (hasAlpha ? factors(5, 5) : 0);
  return (hasAlpha ? 6 : 5) + Math.ceil(nibbles / 2);
}

/** How many coefficients a channel has: the upper left triangle without its corner. */
function factors(nx: number, ny: number): number {
  let n = 0;
  for (let y = 0; y < ny; y++) for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x++) n++;
  return n;
}
