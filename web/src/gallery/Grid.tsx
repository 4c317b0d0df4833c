// The grid: rows of pictures, of which only those near the window are in the page.
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Links } from './links.js';
import { layout as arrange, type Layout, type Measure, measureFor, rowOf, rowsBetween, type Section } from './layout.js';
import { moved, moveOf } from './moves.js';
import { type Picture, ratioOf } from './picture.js';
import { Tile, type TileActions } from './Tile.js';
import type { Sending } from '../upload/previews.js';
import { type Seen, useWindow } from './use-window.js';

export interface GridProps {
  pictures: readonly Picture[];
  sections: readonly Section[];
  selected: ReadonlySet<string>;
  links: Links;
  label: string;
  /** How much of a picture has been sent, from 0 to 1, and the file itself; of uploads from here. */
  sending: ReadonlyMap<string, Sending>;
  /** The picture that is looked at above the grid: the focus comes back to it. */
  viewing: string | undefined;
  open(id: string): void;
  toggle(id: string, reach: boolean): void;
  /** Keys that are not about moving. */
  onKey(e: KeyboardEvent, id: string): void;
}

export function Grid(props: GridProps) {
  const { pictures, sections, selected, links, label, sending, viewing, open, toggle, onKey } = props;
  const frame = useRef<HTMLDivElement>(null);
  const seen = useWindow(frame);
  const measure = useMemo(() => measureFor(seen.width), [seen.width]);
  const layout = useLayout(pictures, sections, measure);
  const [focus, setFocus] = useState<string>();
  const position = useRef(-1);
  const index = useMemo(() => indexOf(pictures, focus, position.current), [pictures, focus]);
  position.current = index;
  const rows = visibleRows(layout, seen, index);
  useAnchor(frame, layout, pictures);

  useEffect(() => {
    const near = rowsBetween(layout, seen.from + seen.page * 0.5, seen.to - seen.page * 0.5);
    links.want(near.flatMap((row) => pictures.slice(row.start, row.start + row.count)).map((p) => p.id));
  }, [links, layout, pictures, seen]);

  const actions = useSteady<TileActions>({ open, toggle, broken: (id) => links.broken(id), focused: setFocus });
  const goTo = (to: number, focusing = true) => {
    const picture = pictures[to];
    if (!picture) return;
    setFocus(picture.id);
    bring(frame.current!, layout, to);
    if (focusing) requestAnimationFrame(() => tileOf(frame.current, picture.id)?.focus({ preventScroll: true }));
  };
  useReturn(viewing, (id, ended) => {
    const at = pictures.findIndex((p) => p.id === id);
    if (at >= 0) goTo(at, ended);
  });
  const onKeyDown = (e: KeyboardEvent) => {
    const picture = pictures[index];
    if (!picture || !(e.target instanceof HTMLElement) || !e.target.dataset.id) return;
    const move = moveOf(e);
    if (!move) return onKey(e, picture.id);
    e.preventDefault();
    const to = moved(layout, index, move, measure.gap, seen.page);
    if (e.shiftKey && pictures[to]) {
      if (selected.size === 0) toggle(picture.id, false);
      toggle(pictures[to].id, true);
    }
    goTo(to);
  };
  const tile = (at: number, column: number, width: number) => {
    const picture = pictures[at];
    if (!picture) return null;
    const mine = sending.get(picture.id);
    return (
      <Tile key={picture.id} picture={picture} width={width} column={column} selected={selected.has(picture.id)} selecting={selected.size > 0}
        current={at === index} sent={mine?.sent} preview={mine?.preview} actions={actions} />
    );
  };
  return (
    <div className="grid" role="grid" aria-label={label} aria-multiselectable="true" aria-rowcount={layout.rows.length + layout.headings.length}
      ref={frame} style={{ height: layout.height }} onKeyDown={onKeyDown}>
      {headingsBetween(layout, seen).map(({ title, top, count, row }) => (
        <div role="row" aria-rowindex={row} className="grid-heading" key={title + top} style={{ transform: `translateY(${top}px)`, height: measure.headingHeight }}>
          <div role="rowheader"><h2>{title}</h2><span className="grid-count">{count.toLocaleString()}</span></div>
        </div>
      ))}
      {rows.map(({ row, number }) => (
        <div role="row" aria-rowindex={number} className="grid-row" key={pictures[row.start]?.id ?? row.start}
          style={{ transform: `translateY(${row.top}px)`, height: row.height, gap: measure.gap }}>
          {row.widths.map((width, i) => tile(row.start + i, i + 1, width))}
        </div>
      ))}
    </div>
  );
}

/** useReturn tells of the picture that is looked at above the grid, and at the end, of the one that was. */
function useReturn(viewing: string | undefined, tell: (id: string, ended: boolean) => void) {
  const viewed = useRef(viewing);
  useEffect(() => {
    const id = viewing ?? viewed.current;
    viewed.current = viewing;
    if (id !== undefined) tell(id, viewing === undefined);
  }, [viewing]); // and not when pictures move
}

/** Where the focus is: at its picture, else at the place where that was, else at the first. */
function indexOf(pictures: readonly Picture[], id: string | undefined, last: number): number {
  const at = id === undefined ? 0 : pictures.findIndex((p) => p.id === id);
  return at >= 0 ? at : Math.min(Math.max(0, last), pictures.length - 1);
}

/** The rows to draw, and the one with the focus, wherever it is: it must not be lost by scrolling. */
function visibleRows(layout: Layout, seen: Seen, focus: number) {
  const rows = rowsBetween(layout, seen.from, seen.to);
  const at = rowOf(layout, focus);
  const focused = layout.rows[at];
  if (focused && !rows.includes(focused)) rows.push(focused);
  let headings = 0;
  return rows.sort((a, b) => a.top - b.top).map((row) => {
    while (headings < layout.headings.length && layout.headings[headings]!.top < row.top) headings++;
    return { row, number: rowOf(layout, row.start) + headings + 1 };
  });
}

function headingsBetween(layout: Layout, seen: Seen) {
  return layout.headings
    .map((heading, i) => ({ ...heading, row: i + Math.max(0, rowOf(layout, heading.start)) + 1 }))
    .filter(({ top }) => top + layout.headingHeight > seen.from && top < seen.to);
}

/** useLayout keeps the layout while ratios and months stay: links come for a screenful at a time, and move nothing. */
function useLayout(pictures: readonly Picture[], sections: readonly Section[], measure: Measure): Layout {
  const ratios = useSame(useMemo(() => pictures.map(ratioOf), [pictures]), Object.is);
  const months = useSame(sections, (a, b) => a.title === b.title && a.count === b.count);
  return useMemo(() => arrange(ratios, months, measure), [ratios, months, measure]);
}

/** useSame answers the list of before while the new one is equal to it. */
function useSame<T>(list: readonly T[], equal: (a: T, b: T) => boolean): readonly T[] {
  const held = useRef(list);
  const before = held.current;
  if (before !== list && (before.length !== list.length || !list.every((item, i) => equal(item, before[i]!)))) held.current = list;
  return held.current;
}

/** useSteady answers one object whose functions are always the newest: tiles are not drawn anew for them. */
function useSteady<T extends object>(functions: T): T {
  const newest = useRef(functions);
  newest.current = functions;
  const call = useCallback(<K extends keyof T>(name: K) => ((...args: unknown[]) => (newest.current[name] as (...a: unknown[]) => unknown)(...args)) as T[K], []);
  return useMemo(() => Object.fromEntries(Object.keys(functions).map((name) => [name, call(name as keyof T)])) as T, [call]);
}

/** useAnchor keeps what is on the screen where it is when pictures come or go above it. */
function useAnchor(frame: { current: HTMLElement | null }, layout: Layout, pictures: readonly Picture[]) {
  const anchor = useRef<{ id: string; y: number }>(undefined);
  useLayoutEffect(() => {
    const element = frame.current!;
    const top = element.getBoundingClientRect().top;
    const held = anchor.current;
    if (held && top < -layout.headingHeight) {
      const row = layout.rows[rowOf(layout, pictures.findIndex((p) => p.id === held.id))];
      if (row && Math.abs(row.top + top - held.y) > 1) window.scrollBy(0, row.top + top - held.y);
    }
    const note = () => {
      const now = element.getBoundingClientRect().top;
      const [first] = rowsBetween(layout, -now + 80, -now + window.innerHeight);
      const id = first && pictures[first.start]?.id;
      anchor.current = id ? { id, y: first.top + now } : undefined;
    };
    note();
    addEventListener('scroll', note, { passive: true });
    return () => removeEventListener('scroll', note);
  }, [frame, layout, pictures]);
}

const tileOf = (frame: HTMLElement | null, id: string) => frame?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);

const margin = 96; // px: room for the bar above, and the one below on a phone

/** bring scrolls a picture's row into the window. */
function bring(frame: HTMLElement, layout: Layout, index: number): void {
  const row = layout.rows[rowOf(layout, index)];
  if (!row) return;
  const top = row.top + frame.getBoundingClientRect().top;
  const below = top + row.height + margin - window.innerHeight;
  if (top < margin) window.scrollBy(0, top - margin);
  else if (below > 0) window.scrollBy(0, below);
}
