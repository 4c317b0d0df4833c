// What is being sent from here is shown at once, from the file.
import type { Snapshot, Uploads } from './uploads.js';

export interface Sending {
  sent?: number;
  preview?: string;
}

const largest = 30e6; // bytes of a file that is shown: decoding more would cost the page too much
const lingers = 20_000; // ms that a preview is kept after its line left the list: until the rendition is on the screen

/** Previews hands out addresses of files, and takes them back. */
export class Previews {
  private readonly urls = new Map<string, string>();

  /** What is on its way, by image. */
  of({ jobs }: Snapshot, uploads: Uploads): Map<string, Sending> {
    const all = new Map<string, Sending>();
    for (const { id, imageId, phase, done, bytes } of jobs) {
      if (!imageId || (phase !== 'sending' && phase !== 'sent')) continue;
      const preview = this.url(id, uploads.file(id));
      all.set(imageId, { ...(phase === 'sending' && { sent: done / Math.max(1, bytes) }), ...(preview && { preview }) });
    }
    this.release(new Set(jobs.filter((job) => job.imageId && all.has(job.imageId)).map((job) => job.id)));
    return all;
  }

  private url(id: string, file: Blob | undefined): string | undefined {
    if (!file || file.size > largest) return undefined;
    if (!this.urls.has(id)) this.urls.set(id, URL.createObjectURL(file));
    return this.urls.get(id);
  }

  private release(wanted: ReadonlySet<string>): void {
    for (const [id, url] of this.urls) {
      if (wanted.has(id)) continue;
      this.urls.delete(id);
      setTimeout(() => URL.revokeObjectURL(url), lingers);
    }
  }
}
