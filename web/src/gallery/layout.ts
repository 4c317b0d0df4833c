// A justified grid: rows of one height, as wide as the page, no picture cropped. Pure arithmetic, in CSS pixels.

export interface Row {
  /** Index of its first picture in the list, and how many there are. */
  start: number;
  count: number;
  top: number;
  height: number;
  /** Of each picture. */
  widths: number[];
}

export interface Heading {
  title: string;
  top: number;
  /** The number of pictures below it, and the first one's index. */
  count: number;
  start: number;
}

export interface Layout {
  rows: Row[];
  headings: Heading[];
  height: number;
  headingHeight: number;
}

/** Measure is what the page gives: its width, how high rows should be, and the space between. */
export interface Measure {
  width: number;
  rowHeight: number;
  gap: number;
  headingHeight: number;
}

/** A stretch of the list under one heading. */
export interface Section {
  title: string;
  count: number;
}

// Beyond these a picture would leave no room for others, or be a line. It is cropped by the page.
const narrowest = 0.4;
const widest = 3.5;

export const clampRatio = (ratio: number): number => Math.min(widest, Math.max(narrowest, ratio));

/** measureFor is what suits a window: larger rows on larger screens, two or three pictures a row on a phone. */
export function measureFor(width: number): Measure {
  const phone = width < 600;
  const rowHeight = phone ? Math.max(96, width / 3) : Math.min(420, 150 + width / 12);
  return { width, rowHeight, gap: phone ? 3 : 8, headingHeight: phone ? 44 : 56 };
}

/** layout places all pictures, whose ratios are width over height, below their sections' headings. */
export function layout(ratios: readonly number[], sections: readonly Section[], measure: Measure): Layout {
  const rows: Row[] = [];
  const headings: Heading[] = [];
  let top = 0;
  let start = 0;
  for (const { title, count } of sections) {
    headings.push({ title, top, count, start });
    top += measure.headingHeight;
    for (const row of rowsOf(ratios, start, start + count, measure)) {
      rows.push({ ...row, top });
      top += row.height + measure.gap;
    }
    start += count;
  }
  return { rows, headings, height: top, headingHeight: measure.headingHeight };
}

function* rowsOf(ratios: readonly number[], from: number, to: number, { width, rowHeight, gap }: Measure): Generator<Omit<Row, 'top'>> {
  if (width <= 0) return;
  for (let start = from; start < to; ) {
    const count = fitting(ratios, start, to, width, rowHeight, gap);
    const mine = ratios.slice(start, start + count).map(clampRatio);
    const room = width - gap * (count - 1);
    const justified = room / sum(mine);
    // The last row of a section is left ragged rather than blown up.
    const height = start + count === to ? Math.min(justified, rowHeight) : justified;
    yield { start, count, height: Math.round(height), widths: widthsOf(mine, height, height === justified ? room : undefined) };
    start += count;
  }
}

/** How many pictures make the row whose height is nearest to the wished one. */
function fitting(ratios: readonly number[], start: number, to: number, width: number, rowHeight: number, gap: number): number {
  let total = 0;
  for (let i = start; i < to; i++) {
    const before = total;
    total += clampRatio(ratios[i]!);
    const n = i - start + 1;
    const height = (width - gap * (n - 1)) / total;
    if (height > rowHeight) continue;
    if (n === 1) return 1;
    const without = (width - gap * (n - 2)) / before;
    return rowHeight / height <= without / rowHeight ? n : n - 1;
  }
  return to - start;
}

/** Whole pixels, which together are exactly the room there is. */
function widthsOf(ratios: number[], height: number, room: number | undefined): number[] {
  const widths: number[] = [];
  let exact = 0;
  let used = 0;
  for (const ratio of ratios) {
    exact += ratio * height;
    const width = Math.round(exact) - used;
    widths.push(width);
    used += width;
  }
  if (room !== undefined) widths[widths.length - 1]! += Math.round(room) - used;
  return widths;
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

/** firstBelow is the index of the first item that ends below y. */
export function firstBelow<T>(items: readonly T[], y: number, bottom: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bottom(items[middle]!) > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** rowsBetween are the rows that are seen between two heights. */
export function rowsBetween({ rows }: Layout, from: number, to: number): Row[] {
  const first = firstBelow(rows, from, (row) => row.top + row.height);
  let last = first;
  while (last < rows.length && rows[last]!.top < to) last++;
  return rows.slice(first, last);
}

/** rowOf is the number of the row that a picture is in; -1 if there is none. */
export function rowOf({ rows }: Layout, index: number): number {
  const at = firstBelow(rows, index, (row) => row.start + row.count - 1 + 0.5);
  return at < rows.length && rows[at]!.start <= index ? at : -1;
}

/** Where a picture is in its row, from the left: its two edges. */
export function edges(row: Row, index: number, gap: number): { left: number; right: number } {
  const before = row.widths.slice(0, index - row.start);
  const left = sum(before) + before.length * gap;
  return { left, right: left + row.widths[index - row.start]! };
}
