// Which part of a long list is on the screen, where the page itself scrolls.
import { type RefObject, useEffect, useState } from 'react';

export interface Seen {
  width: number;
  from: number;
  to: number;
  page: number;
}

const step = 160; // px: the page is drawn anew only when so much has been scrolled

/** useWindow answers the list's width, and the stretch to draw: the window and most of one more on either side. */
export function useWindow(list: RefObject<HTMLElement | null>): Seen {
  const [seen, setSeen] = useState<Seen>({ width: 0, from: 0, to: 0, page: 0 });
  useEffect(() => {
    const element = list.current!;
    let frame = 0;
    const look = () => {
      frame = 0;
      const page = window.innerHeight;
      const { top, width } = element.getBoundingClientRect();
      const at = Math.floor(-top / step) * step;
      const next = { width: Math.floor(width), from: at - page * 0.75, to: at + step + page * 1.75, page };
      setSeen((last) => (same(last, next) ? last : next));
    };
    const soon = () => void (frame ||= requestAnimationFrame(look));
    const sizes = new ResizeObserver(soon);
    sizes.observe(element);
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    look();
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [list]);
  return seen;
}

const same = (a: Seen, b: Seen) => a.width === b.width && a.from === b.from && a.to === b.to && a.page === b.page;
