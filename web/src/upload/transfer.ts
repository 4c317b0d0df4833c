// One signed PUT, with progress, which fetch does not tell.

export interface Target {
  url: string;
  method: string;
  headers: readonly { name: string; value: string }[];
}

/** Refused is S3's no. Status 0 is no answer at all. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(status === 0 ? 'the connection was lost' : `the store answered ${status}`);
  }
}

// Browsers set these themselves, and let nobody else.
const forbidden = new Set(['host', 'content-length']);
const stall = 45_000; // ms without a byte

export type Put = (target: Target, body: Blob, progress: (bytes: number) => void, signal: AbortSignal) => Promise<void>;

/** put sends the body. That the bytes are there already is a success: an earlier answer got lost. */
export const put: Put = (target, body, progress, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    let watch = 0;
    const alive = () => {
      clearTimeout(watch);
      watch = window.setTimeout(() => request.abort(), stall);
    };
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded }) => (alive(), progress(loaded));
    request.onload = () => {
      const { status } = request;
      if ((status >= 200 && status < 300) || status === 412) resolve();
      else reject(new Refused(status));
    };
    request.onerror = () => reject(new Refused(0));
    request.onabort = () => reject(signal.aborted ? signal.reason : new Refused(0));
    request.onloadend = () => {
      clearTimeout(watch);
      signal.removeEventListener('abort', abort);
    };
    request.open(target.method, target.url);
    for (const { name, value } of target.headers) {
      if (!forbidden.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    alive();
    request.send(body);
  });
