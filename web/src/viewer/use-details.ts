// One picture's facts, asked for anew when it has changed.
import { useEffect, useState } from 'react';
import { failure, type Failure } from '../api/errors.js';
import type { Drawn } from '../api/operations.js';
import type { Darkroom } from '../darkroom.js';
import { details, type Details, similar } from './operations.js';

export interface Looked {
  details?: Details;
  problem?: Failure;
}

/** useDetails keeps the last answer about the same picture until the next has come. */
export function useDetails({ ask, pictures }: Darkroom, id: string, version: number, round: number): Looked {
  const [looked, setLooked] = useState<Looked & { id?: string }>({});
  useEffect(() => {
    let current = true;
    ask(details, { id }).then(
      ({ image }) => {
        if (!current || !image) return;
        pictures.answer(image);
        setLooked({ id, details: image });
      },
      (reason) => {
        const problem = failure(reason);
        if (problem.code === 'NOT_FOUND') pictures.remove(id);
        if (current) setLooked({ id, problem });
      },
    );
    return () => void (current = false);
  }, [ask, pictures, id, version, round]);
  return looked.id === id ? looked : {};
}

/** useSimilar answers what looks like it; nothing until that is known. */
export function useSimilar({ ask }: Darkroom, id: string, ready: boolean): readonly Drawn[] {
  const [found, setFound] = useState<{ id: string; images: Drawn[] }>();
  useEffect(() => {
    if (!ready) return;
    let current = true;
    ask(similar, { id }).then(
      ({ similarImages }) => current && setFound({ id, images: similarImages.map(({ image }) => image) }),
      () => {}, // the pane is complete without
    );
    return () => void (current = false);
  }, [ask, id, ready]);
  return found?.id === id ? found.images : [];
}
