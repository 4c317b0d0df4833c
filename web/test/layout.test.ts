import { describe, expect, test } from 'vitest';
import { clampRatio, layout, type Measure, measureFor, rowOf, rowsBetween } from '../src/gallery/layout.js';
import { moved } from '../src/gallery/moves.js';

const measure: Measure = { width: 1000, rowHeight: 200, gap: 8, headingHeight: 50 };
const one = (count: number) => [{ title: 'all', count }];

/** A generator of ratios that look like photographs, the same for a seed. */
function ratios(n: number, seed = 7): number[] {
  const kinds = [3 / 2, 4 / 3, 2 / 3, 3 / 4, 16 / 9, 1, 0.1, 9];
  return Array.from({ length: n }, () => kinds[(seed = (seed * 48271) % 2147483647) % kinds.length]!);
}

describe('layout', () => {
  test('every full row is exactly as wide as the page, in whole pixels', () => {
    for (const width of [320, 390, 777, 1280, 3840]) {
      const m = { ...measureFor(width), width };
      const { rows } = layout(ratios(500), one(500), m);
      for (const row of rows.slice(0, -1)) {
        expect(row.widths.reduce((a, b) => a + b) + m.gap * (row.count - 1)).toBe(width);
        expect(row.widths.every((w) => Number.isInteger(w) && w > 0)).toBe(true);
      }
    }
  });

  test('every picture is placed once, in order, rows do not overlap', () => {
    const { rows, height } = layout(ratios(301), one(301), measure);
    expect(rows.flatMap((r) => Array.from({ length: r.count }, (_, i) => r.start + i))).toEqual([...Array(301).keys()]);
    rows.slice(1).forEach((row, i) => expect(row.top).toBe(rows[i]!.top + rows[i]!.height + measure.gap));
    expect(height).toBe(rows.at(-1)!.top + rows.at(-1)!.height + measure.gap);
  });

  test('rows are near the wished height, and a last row is not blown up', () => {
    const { rows } = layout(ratios(1000, 3).map((r) => Math.min(2, Math.max(0.6, r))), one(1000), measure);
    for (const { height } of rows) expect(height).toBeGreaterThan(130);
    for (const { height } of rows) expect(height).toBeLessThan(310);
    expect(layout([1.5], one(1), measure).rows[0]!.height).toBe(200);
  });

  test('a picture keeps its shape, as far as it can be shown', () => {
    const all = ratios(200);
    for (const row of layout(all, one(200), measure).rows) {
      row.widths.forEach((width, i) => expect(Math.abs(width / row.height - clampRatio(all[row.start + i]!))).toBeLessThan(0.06));
    }
  });

  test('sections begin on rows of their own', () => {
    const { rows, headings } = layout([1, 1, 1], [{ title: 'a', count: 1 }, { title: 'b', count: 2 }], measure);
    expect(headings.map((h) => [h.title, h.top, h.start])).toEqual([['a', 0, 0], ['b', 258, 1]]);
    expect(rows.map((r) => [r.start, r.count, r.top])).toEqual([[0, 1, 50], [1, 2, 308]]);
  });

  test('nothing, and no room, make no rows', () => {
    expect(layout([], [], measure)).toMatchObject({ rows: [], height: 0 });
    expect(layout([1, 2], one(2), { ...measure, width: 0 }).rows).toEqual([]);
  });

  test('ten thousand pictures take a moment', () => {
    const all = ratios(10_000);
    const start = process.cpuUsage();
    layout(all, one(10_000), measure);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(100);
  });
});

describe('windows', () => {
  const placed = layout(ratios(400), one(400), measure);

  test('rows between two heights are those that touch them', () => {
    for (const [from, to] of [[-100, 0], [0, 51], [1000, 1900], [placed.height - 10, placed.height + 10], [1e6, 2e6]] as const) {
      const want = placed.rows.filter((r) => r.top + r.height > from && r.top < to);
      expect(rowsBetween(placed, from, to)).toEqual(want);
    }
  });

  test('each picture is found in its row', () => {
    placed.rows.forEach((row, n) => [row.start, row.start + row.count - 1].forEach((i) => expect(rowOf(placed, i)).toBe(n)));
    expect(rowOf(placed, -1)).toBe(-1);
    expect(rowOf(placed, 400)).toBe(-1);
  });
});

describe('arrow keys', () => {
  const placed = layout([1, 1, 1, 1, 1, 2, 2, 1], one(8), measure); // rows of 5 and 3
  const to = (index: number, move: Parameters<typeof moved>[2]) => moved(placed, index, move, measure.gap, 400);

  test('left and right go through all rows and stop at the ends', () => {
    expect([to(4, 'right'), to(5, 'left'), to(0, 'left'), to(7, 'right')]).toEqual([5, 4, 0, 7]);
  });

  test('up and down go to what is above and below', () => {
    expect(placed.rows.map((row) => row.count)).toEqual([5, 3]);
    expect([0, 1, 2, 3, 4].map((index) => to(index, 'down'))).toEqual([5, 5, 6, 6, 7]);
    expect([5, 6, 7].map((index) => to(index, 'up'))).toEqual([0, 2, 4]);
    expect([to(1, 'up'), to(6, 'down')]).toEqual([1, 6]);
  });

  test('home, end, and whole pages', () => {
    expect([to(2, 'rowStart'), to(2, 'rowEnd'), to(6, 'first'), to(1, 'last')]).toEqual([0, 4, 0, 7]);
    expect(to(0, 'pageDown')).toBeGreaterThan(4);
    expect(to(7, 'pageUp')).toBeLessThan(5);
  });
});
