// What there is to tell of a picture, as lines of a name and a value. Facts come from strangers' files: they are text.
import * as format from '../format.js';
import type { Details } from './operations.js';

export interface Fact {
  name: string;
  value: string;
}

type Line = [name: string, value: string | 0 | null | undefined | false];

const facts = (lines: Line[]): Fact[] => lines.flatMap(([name, value]) => (value ? [{ name, value }] : []));

/** camera is what it was taken with, and how. */
export function camera({ capture: c }: Details, locale?: string): Fact[] {
  if (!c) return [];
  const settings = [
    c.exposure !== null && format.exposure(c.exposure),
    c.aperture !== null && format.aperture(c.aperture),
    c.iso !== null && `ISO ${c.iso}`,
    c.focalLength !== null && `${Number(c.focalLength.toFixed(1))} mm`,
  ].filter(Boolean);
  return facts([
    ['Taken', c.takenAt && format.taken(c.takenAt, c.offset, locale)],
    ['Camera', device(c.make, c.model)],
    ['Lens', c.lens],
    ['Settings', settings.join(' · ')],
    ['Facing', c.direction !== null && format.direction(c.direction)],
  ]);
}

/** Many cameras repeat their maker's name in the model's. */
export function device(make: string | null, model: string | null): string {
  if (!make || !model) return model ?? make ?? '';
  const first = make.split(' ')[0]!.toLowerCase();
  return model.toLowerCase().startsWith(first) ? model : `${make} ${model}`;
}

/** file is what was uploaded. */
export function file(d: Details, locale?: string): Fact[] {
  const { width: w, height: h } = d;
  const kind = [d.format?.toUpperCase() ?? d.contentType, d.frames && d.frames > 1 && `${d.frames} frames`].filter(Boolean);
  return facts([
    ['Size', w && h && `${w.toLocaleString(locale)} × ${h.toLocaleString(locale)} px, ${format.megapixels(w, h)}`],
    ['File', `${kind.join(', ')}, ${format.bytes(d.bytes, locale)}`],
    ['Profile', d.profile],
    ['Uploaded', format.instant(d.createdAt, locale)],
    ['Removed for good', d.purgeAt && `on ${format.day(d.purgeAt, locale)}`],
  ]);
}

/** words is what people wrote about it. */
export function words({ description: d }: Details): Fact[] {
  if (!d) return [];
  return facts([
    ['Title', d.title],
    ['Caption', d.caption],
    ['Keywords', d.keywords.join(', ')],
    ['Rating', d.rating !== null && (d.rating < 0 ? 'rejected' : '★'.repeat(Math.min(5, d.rating)))],
    ['Copyright', d.copyright],
  ]);
}
