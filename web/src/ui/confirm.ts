// A question that must be answered before something cannot be undone.
export interface Question {
  title: string;
  text: string;
  action: string;
  /** Must be typed, where a click would be too easy. */
  word?: string;
}

export interface Asked extends Question {
  answer(yes: boolean): void;
}

let asked: Asked | undefined;
const heard = new Set<() => void>();

const set = (now: Asked | undefined) => {
  asked = now;
  for (const listener of heard) listener();
};

/** ask shows the question, and answers whether to go on. A second one says no to the first. */
export function ask(question: Question): Promise<boolean> {
  asked?.answer(false);
  return new Promise((resolve) => {
    set({ ...question, answer: (yes) => (set(undefined), resolve(yes)) });
  });
}

export const snapshot = (): Asked | undefined => asked;

export function subscribe(listener: () => void): () => void {
  heard.add(listener);
  return () => void heard.delete(listener);
}
