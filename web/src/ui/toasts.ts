// Short news at the edge of the page, with at most one thing to do about it.
import { announce } from './announce.js';

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run(): void } | undefined;
}

const lasts = 7_000; // ms
const most = 3;

let toasts: readonly Toast[] = [];
let next = 0;
const heard = new Set<() => void>();

const set = (now: readonly Toast[]) => {
  toasts = now;
  for (const listener of heard) listener();
};

/** toast shows news for a while, and has them read out. */
export function toast(text: string, action?: Toast['action']): void {
  const id = next++;
  set([...toasts, { id, text, action }].slice(-most));
  announce(action ? `${text} ${action.label} is available.` : text);
  setTimeout(() => dismiss(id), lasts);
}

export const dismiss = (id: number): void => set(toasts.filter((t) => t.id !== id));

export const snapshot = (): readonly Toast[] => toasts;

export function subscribe(listener: () => void): () => void {
  heard.add(listener);
  return () => void heard.delete(listener);
}
