// Where the arrow keys lead in the grid.
import { edges, type Layout, rowOf } from './layout.js';

export type Move = 'left' | 'right' | 'up' | 'down' | 'rowStart' | 'rowEnd' | 'first' | 'last' | 'pageUp' | 'pageDown';

/** moveOf is what a key means; undefined for one that moves nothing. */
export function moveOf({ key, ctrlKey, metaKey }: { key: string; ctrlKey: boolean; metaKey: boolean }): Move | undefined {
  const far = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowLeft': return 'left';
    case 'ArrowRight': return 'right';
    case 'ArrowUp': return 'up';
    case 'ArrowDown': return 'down';
    case 'Home': return far ? 'first' : 'rowStart';
    case 'End': return far ? 'last' : 'rowEnd';
    case 'PageUp': return 'pageUp';
    case 'PageDown': return 'pageDown';
  }
  return undefined;
}

/** moved is the picture's index after the move: the same at an edge. Up and down go to what is nearest by its middle. */
export function moved(layout: Layout, index: number, move: Move, gap: number, page: number): number {
  const total = layout.rows.reduce((n, row) => n + row.count, 0);
  const at = rowOf(layout, index);
  const row = layout.rows[at];
  if (!row) return 0;
  switch (move) {
    case 'left': return Math.max(0, index - 1);
    case 'right': return Math.min(total - 1, index + 1);
    case 'rowStart': return row.start;
    case 'rowEnd': return row.start + row.count - 1;
    case 'first': return 0;
    case 'last': return total - 1;
    case 'up': return nearest(layout, index, at, Math.max(0, at - 1), gap);
    case 'down': return nearest(layout, index, at, Math.min(layout.rows.length - 1, at + 1), gap);
    case 'pageUp': return nearest(layout, index, at, rowAt(layout, row.top - page), gap);
    case 'pageDown': return nearest(layout, index, at, rowAt(layout, row.top + page), gap);
  }
}

function rowAt({ rows }: Layout, top: number): number {
  const below = rows.findIndex((row) => row.top >= top);
  return below < 0 ? rows.length - 1 : below;
}

function nearest({ rows }: Layout, index: number, from: number, to: number, gap: number): number {
  if (from === to) return index;
  const { left, right } = edges(rows[from]!, index, gap);
  const middle = (left + right) / 2;
  const row = rows[to]!;
  for (let i = row.start; i < row.start + row.count; i++) {
    if (edges(row, i, gap).right + gap / 2 >= middle) return i;
  }
  return row.start + row.count - 1;
}
