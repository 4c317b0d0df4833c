// SHA-256 of a file. The browser's own is the quickest, but wants all bytes at once, and a secure page.
import { sha256 } from '@noble/hashes/sha2.js';

const whole = 64 * 2 ** 20; // bytes that are read at once
const slice = 4 * 2 ** 20; // … and of a larger file

/** hash answers 64 hexadecimal digits. */
export async function hash(file: Blob, progress: (bytes: number) => void = () => {}, subtle = globalThis.crypto?.subtle): Promise<string> {
  if (subtle && file.size <= whole) {
    return hex(new Uint8Array(await subtle.digest('SHA-256', await file.arrayBuffer())));
  }
  const state = sha256.create();
  for (let at = 0; at < file.size; at += slice) {
    state.update(new Uint8Array(await file.slice(at, at + slice).arrayBuffer()));
    progress(Math.min(file.size, at + slice));
  }
  return hex(state.digest());
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
