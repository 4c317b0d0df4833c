// Those who do not see the grid are told when pictures become ready, or fail.
import { useEffect, useRef } from 'react';
import { announce } from '../ui/announce.js';
import { pictures } from './deeds.js';
import type { Counts } from './order.js';

const gather = 1_500; // ms: many at once are told together

export function useNews({ developing, ready, failed }: Counts) {
  const told = useRef({ ready, failed });
  const working = useRef(0); // something was being developed since the last news
  working.current = Math.max(working.current, developing);
  useEffect(() => {
    if (working.current === 0) return void (told.current = { ready, failed }); // pages that are read are no news
    const timer = setTimeout(() => {
      const news = [
        ready > told.current.ready && `${pictures(ready - told.current.ready)} ready`,
        failed > told.current.failed && `${pictures(failed - told.current.failed)} failed`,
      ].filter(Boolean);
      told.current = { ready, failed };
      working.current = developing;
      if (news.length > 0) announce(`${news.join(', ')}.`);
    }, gather);
    return () => clearTimeout(timer);
  }, [developing, ready, failed]);
}
