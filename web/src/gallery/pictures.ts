// All pictures of the user, as the feed and answers tell of them. Immutable snapshots go to whoever draws.
import type { Drawn, Thin } from '../api/operations.js';
import type { ImageEvent, View } from '../source.js';
import { born, changed, isUnfinished, type Picture, told } from './picture.js';

export class Pictures implements View<Thin | Drawn> {
  private readonly byId = new Map<string, Picture>();
  private readonly gone = new Set<string>(); // removed for good: events of that may still come
  private readonly heard = new Set<() => void>();
  private list: readonly Picture[] = [];
  private current = true; // the list is
  private waiting = false;
  private open = 0; // how many are unfinished
  /** Whether all pictures have been read once. */
  complete = false;
  /** Whether those in the trash are among them. */
  trashRead = false;

  /** Later gathers changes: a burst of events is drawn once. */
  constructor(private readonly later: (call: () => void) => void = (call) => void setTimeout(call, 40)) {}

  version(id: string): number {
    return this.byId.get(id)?.version ?? 0;
  }

  unfinished(): boolean {
    return this.open > 0;
  }

  reset(): void {
    this.byId.clear();
    this.open = 0;
    this.complete = false;
    this.trashRead = false;
    this.changed();
  }

  image(image: Thin | Drawn): void {
    this.put(told(this.byId.get(image.id), image));
  }

  event(event: ImageEvent): void {
    if (this.gone.has(event.id)) return;
    this.put(changed(this.byId.get(event.id) ?? born(event), event));
  }

  /** An answer to a question of ours, which the feed may have overtaken. */
  answer(image: Thin | Drawn): void {
    if (image.version >= this.version(image.id)) this.image(image);
  }

  /** The server does not know it any more. */
  remove(id: string): void {
    this.gone.add(id);
    const picture = this.byId.get(id);
    if (!picture) return;
    this.byId.delete(id);
    if (isUnfinished(picture)) this.open--;
    this.changed();
  }

  /** The pictures of another time, from the cache. */
  restore(pictures: readonly Picture[], trashRead: boolean): void {
    for (const picture of pictures) this.put(picture);
    this.trashRead = trashRead;
    this.completed();
  }

  /** All there are now, in no order. */
  all(): Picture[] {
    return [...this.byId.values()];
  }

  /** All pages have been read. */
  completed(): void {
    this.complete = true;
    this.changed();
  }

  /** The trash has been read. */
  trashed(): void {
    this.trashRead = true;
    this.changed();
  }

  get(id: string): Picture | undefined {
    return this.byId.get(id);
  }

  /** The same array until something changes: useSyncExternalStore compares it. */
  readonly snapshot = (): readonly Picture[] => {
    if (!this.current) this.list = this.all();
    this.current = true;
    return this.list;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.heard.add(listener);
    return () => void this.heard.delete(listener);
  };

  private put(picture: Picture): void {
    const before = this.byId.get(picture.id);
    this.open += Number(isUnfinished(picture)) - Number(before !== undefined && isUnfinished(before));
    this.byId.set(picture.id, picture);
    this.changed();
  }

  private changed(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.later(() => {
      this.waiting = false;
      this.current = false;
      for (const listener of this.heard) listener();
    });
  }
}
