// Which pictures are shown, in which order, under which headings.
import type { Section } from './layout.js';
import { isUnfinished, type Picture, takenAt } from './picture.js';

export type Place = 'photos' | 'trash';
export type Filter = 'all' | 'developing' | 'ready' | 'failed';
export type Order = 'uploaded' | 'taken';

export interface Choice {
  place: Place;
  filter: Filter;
  order: Order;
}

const admits: Record<Filter, (picture: Picture) => boolean> = {
  all: () => true,
  developing: isUnfinished,
  ready: ({ status }) => status === 'READY',
  failed: ({ status }) => status === 'FAILED',
};

/** choose picks and orders: the newest first; in the trash, what was thrown away last. */
export function choose(pictures: readonly Picture[], { place, filter, order }: Choice): Picture[] {
  const here = pictures.filter((p) => (p.deletedAt !== null) === (place === 'trash'));
  const chosen = place === 'trash' ? here : here.filter(admits[filter]);
  const key = (p: Picture) => (place === 'trash' ? Date.parse(p.deletedAt!) : order === 'taken' ? takenAt(p) : Date.parse(p.createdAt));
  const keyed = chosen.map((picture) => ({ picture, at: key(picture) }));
  keyed.sort((a, b) => b.at - a.at || (a.picture.id < b.picture.id ? 1 : -1));
  return keyed.map(({ picture }) => picture);
}

export interface Counts extends Record<Filter, number> {
  trash: number;
}

export function count(pictures: readonly Picture[]): Counts {
  const counts: Counts = { all: 0, developing: 0, ready: 0, failed: 0, trash: 0 };
  for (const picture of pictures) {
    if (picture.deletedAt !== null) counts.trash++;
    else for (const filter of Object.keys(admits) as Filter[]) if (admits[filter](picture)) counts[filter]++;
  }
  return counts;
}

/** sections gathers an ordered list by month. */
export function sections(ordered: readonly Picture[], { place, order }: Choice, locale?: string): Section[] {
  // What a camera's clock showed is kept as if it were UTC; the other times are instants, told by the clock here.
  const taken = place === 'photos' && order === 'taken';
  const format = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', ...(taken && { timeZone: 'UTC' }) });
  const names = new Map<number, string>(); // formatting is slow, and there are few months
  const all: Section[] = [];
  for (const picture of ordered) {
    const date = new Date(taken ? takenAt(picture) : Date.parse(place === 'trash' ? picture.deletedAt! : picture.createdAt));
    const month = taken ? date.getUTCFullYear() * 12 + date.getUTCMonth() : date.getFullYear() * 12 + date.getMonth();
    if (!names.has(month)) names.set(month, format.format(date));
    const title = names.get(month)!;
    const last = all.at(-1);
    if (last?.title === title) last.count++;
    else all.push({ title, count: 1 });
  }
  return all;
}
