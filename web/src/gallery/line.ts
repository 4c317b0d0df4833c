// Whether the server can be heard, for the page to tell.
import { failure } from '../api/errors.js';
import type { Source, Versioned } from '../source.js';

export type State = 'opening' | 'live' | 'troubled' | 'ended';

/** Line listens to the feed's source. */
export class Line {
  private state: State = 'opening';
  private readonly heard = new Set<() => void>();

  readonly snapshot = (): State => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.heard.add(listener);
    return () => void this.heard.delete(listener);
  };

  /** The feed could not be read, or the subscription ended. It is tried again. */
  problem(reason: unknown): void {
    this.become(failure(reason).code === 'UNAUTHENTICATED' ? 'ended' : 'troubled');
  }

  /** The source as it is, and `read` is told when all pages have been. */
  watched<I extends Versioned>(source: Source<I>, read: () => void): Source<I> {
    return {
      changes: async (after, first) => {
        const answer = await source.changes(after, first);
        this.become('live');
        return answer;
      },
      images: async (cursor) => {
        const page = await source.images(cursor);
        if (page.next === null) setTimeout(read); // once the feed has delivered the page
        return page;
      },
      subscribe: (listener) => source.subscribe(listener),
    };
  }

  private become(state: State): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.heard) listener();
  }
}
