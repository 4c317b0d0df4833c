// The links that work, of one picture or of all.
import { useCallback, useEffect, useState } from 'react';
import { failure } from '../api/errors.js';
import type { ResultOf } from '../api/graphql.js';
import type { Ask } from '../api/session.js';
import { type Made, revokeShare, type Share, shares } from './operations.js';

export interface Links {
  /** Undefined while they are read. */
  all: readonly Share[] | undefined;
  problem: string;
  revoke(id: string): Promise<void>;
  again(): void;
}

const most = 500; // that are listed: pages beyond are for scripts

const none: readonly Made[] = [];

/** Those just made are added: a list may not have them for a moment. */
export function useShares(ask: Ask, image?: string, made: readonly Made[] = none): Links {
  const [all, setAll] = useState<readonly Share[]>();
  const [problem, setProblem] = useState('');
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setProblem('');
    read(ask, image).then(
      (found) => current && setAll(found),
      (reason) => current && setProblem(failure(reason).message),
    );
    return () => void (current = false);
  }, [ask, image, round]);
  useEffect(() => {
    const fresh = made.map((share) => ({ ...share, image: null }));
    setAll((before) => before && [...fresh, ...before.filter(({ id }) => !made.some((share) => share.id === id))]);
  }, [made]);
  const revoke = useCallback(
    async (id: string) => {
      try {
        await ask(revokeShare, { id });
      } catch (reason) {
        const { code, message } = failure(reason);
        if (code !== 'NOT_FOUND') return setProblem(message);
      }
      setAll((before) => before?.filter((share) => share.id !== id));
    },
    [ask],
  );
  return { all, problem, revoke, again: () => setRound(round + 1) };
}

async function read(ask: Ask, image: string | undefined): Promise<Share[]> {
  const found: Share[] = [];
  let after: string | null = null;
  do {
    const page: ResultOf<typeof shares> = await ask(shares, { image: image ?? null, after });
    found.push(...page.shares.edges.map(({ node }) => node));
    after = page.shares.pageInfo.hasNextPage ? page.shares.pageInfo.endCursor : null;
  } while (after !== null && found.length < most);
  return found;
}
