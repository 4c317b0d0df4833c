// A few workers that hash, and who waits for them.
import type { Answer, Question } from './hash.worker.js';

interface Waiting {
  file: Blob;
  progress(bytes: number): void;
  resolve(sha256: string): void;
  reject(reason: Error): void;
}

const most = 2;

export class Hasher {
  private readonly workers: Worker[] = [];
  private readonly idle: Worker[] = [];
  private readonly waiting: Waiting[] = [];
  private next = 0;

  constructor(private readonly start: () => Worker = worker) {}

  hash(file: Blob, progress: (bytes: number) => void = () => {}): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ file, progress, resolve, reject });
      this.run();
    });
  }

  stop(): void {
    for (const worker of this.workers) worker.terminate();
    for (const { reject } of this.waiting.splice(0)) reject(new Error('the page is closing'));
  }

  private run(): void {
    if (this.waiting.length === 0) return;
    if (this.idle.length === 0 && this.workers.length < most) {
      const started = this.start();
      this.workers.push(started);
      this.idle.push(started);
    }
    const worker = this.idle.pop();
    if (worker) this.ask(worker, this.waiting.shift()!);
  }

  private ask(worker: Worker, { file, progress, resolve, reject }: Waiting): void {
    const id = this.next++;
    const over = () => {
      this.idle.push(worker);
      this.run();
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.id !== id) return;
      if ('progress' in data) return progress(data.progress);
      if ('sha256' in data) resolve(data.sha256);
      else reject(new Error(data.error));
      over();
    };
    worker.onerror = () => {
      reject(new Error('the file could not be read'));
      over();
    };
    worker.postMessage({ id, file } satisfies Question);
  }
}

const worker = () => new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
