// What the feed connects: the server on one side, the application on the other.

export type ImageStatus = 'PENDING' | 'PROCESSING' | 'READY' | 'FAILED';

/** ImageEvent is one change of one image; its fields are explained in schema.graphqls. */
export interface ImageEvent {
  owner: string;
  id: string;
  seq: number;
  version: number;
  status: ImageStatus;
  stage: string | null;
  failure: string | null;
  width: number | null;
  height: number | null;
  placeholder: string | null;
  deletedAt: string | null;
  at: string;
}

export interface Changes {
  events: ImageEvent[];
  head: number;
  startOver: boolean;
}

/** Versioned is what the feed must know of an image. */
export interface Versioned {
  id: string;
  version: number;
}

/** Source is the server, through whatever client; amplify.ts makes one of Amplify's. */
export interface Source<I extends Versioned> {
  /** At most so many events after a number: the field changes. */
  changes(after: number, first: number): Promise<Changes>;
  /** A page of images, and the cursor of the next one: the field images. */
  images(cursor: string | null): Promise<{ images: I[]; next: string | null }>;
  /** Subscribes to imageEvents, and answers how to end that. */
  subscribe(listener: Listener): () => void;
}

/** Listener is told what becomes of a subscription. */
export interface Listener {
  /** The server has acknowledged it, for the first time or again: events may have been lost before, and just now. */
  live(): void;
  /** The socket is gone. The client opens another one by itself. */
  lost(): void;
  /** An event; null for one that could not be delivered or read. */
  event(event: ImageEvent | null): void;
  /** The client has given the subscription up. It is started again, later. */
  ended(reason: unknown): void;
}

/** View is the application. An error that it throws ends the feed. */
export interface View<I extends Versioned> {
  /** The version of an image that is shown; 0 for none. */
  version(id: string): number;
  /** Whether an image is shown that more must come of: PENDING or PROCESSING. */
  unfinished(): boolean;
  /** Everything shown is void: all images follow. */
  reset(): void;
  /** An image as it is now, newer than what is shown. */
  image(image: I): void;
  /** The next change, newer than what is shown. */
  event(event: ImageEvent): void;
}

/** Clock tells the time in milliseconds, and calls back later unless the answer is called before. */
export interface Clock {
  now(): number;
  after(ms: number, call: () => void): () => void;
}
