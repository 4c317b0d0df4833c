// Asks for what is missing of the pictures on the screen: links that ran out, and what an event does not tell.
import type { Drawn } from '../api/operations.js';
import { isStale } from './picture.js';
import type { Pictures } from './pictures.js';

/** Several pictures at once; null for one that is gone. */
export type Fetch = (ids: string[]) => Promise<(Drawn | null)[]>;

const batch = 24;
const atOnce = 2;
const retryAfter = 5_000; // ms, after a failure

export class Links {
  private readonly wanted = new Set<string>(); // in the order of wanting
  private readonly asked = new Set<string>();
  private readonly refused = new Map<string, number>(); // not again before
  private running = 0;

  constructor(
    private readonly pictures: Pictures,
    private readonly fetch: Fetch,
    private readonly now: () => number = Date.now,
  ) {}

  /** Says which pictures are seen now, the most important first; those that have scrolled away are forgotten. */
  want(ids: Iterable<string>): void {
    this.wanted.clear();
    for (const id of ids) if (this.isNeeded(id)) this.wanted.add(id);
    this.run();
  }

  /** Says that one is looked at, beside those. */
  need(id: string): void {
    if (this.isNeeded(id)) void this.fetchSome([id]);
  }

  /** A link did not work: it ran out, or its clock is wrong. */
  broken(id: string): void {
    const picture = this.pictures.get(id);
    if (!picture || picture.partial || (this.refused.get(id) ?? 0) > this.now()) return;
    this.refused.set(id, this.now() + 60_000);
    this.fetchSome([id]);
  }

  private isNeeded(id: string): boolean {
    const picture = this.pictures.get(id);
    return picture !== undefined && isStale(picture, this.now()) && !this.asked.has(id) && (this.refused.get(id) ?? 0) <= this.now();
  }

  private run(): void {
    while (this.running < atOnce) {
      const ids = this.wanted.size > 0 ? [...this.wanted].slice(0, batch) : this.unseen();
      if (ids.length === 0) return;
      for (const id of ids) this.wanted.delete(id);
      void this.fetchSome(ids);
    }
  }

  /** Where nothing is seen that needs asking for: pictures of which only an event is known, for their name and date. */
  private unseen(): string[] {
    const ids: string[] = [];
    for (const { id, partial } of this.pictures.all()) {
      if (partial && this.isNeeded(id) && ids.push(id) === batch) break;
    }
    return ids;
  }

  private async fetchSome(ids: string[]): Promise<void> {
    this.running++;
    for (const id of ids) this.asked.add(id);
    try {
      const answers = await this.fetch(ids);
      answers.forEach((answer, i) => (answer ? this.pictures.answer(answer) : this.pictures.remove(ids[i]!)));
    } catch {
      for (const id of ids) this.refused.set(id, this.now() + retryAfter);
    } finally {
      for (const id of ids) this.asked.delete(id);
      this.running--;
      this.run();
    }
  }
}
