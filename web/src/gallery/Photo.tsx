// A picture in its box: the blur at once, the picture when it has come.
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Rendition } from '../api/operations.js';
import { Blur } from './Blur.js';
import { identity, smallest, srcSet } from './sources.js';

interface Props {
  placeholder: string | null;
  renditions: readonly Rendition[] | undefined;
  /** The width on the screen, in CSS pixels. */
  width: number;
  alt?: string;
  eager?: boolean;
  /** A file of this device, shown until there is a rendition. */
  preview?: string | undefined;
  onBroken?(): void;
}

export function Photo({ placeholder, renditions, width, alt = '', eager, preview, onBroken }: Props) {
  const failed = useRef(false); // to be drawn, with the links that are held
  const { links, attempt } = useSteady(renditions, failed);
  const [loaded, setLoaded] = useState<string>();
  const [settled, setSettled] = useState<string>(); // it has faded in: what is below is no longer seen
  const key = links && identity(links);
  const ready = key !== undefined && loaded === key;
  const below = key === undefined || settled !== key;
  return (
    <span className={ready ? 'photo ready' : 'photo'}>
      {placeholder && below && <Blur hash={placeholder} />}
      {preview && below && <Preview key={preview} src={preview} />}
      {links && links.length > 0 && (
        <img key={`${attempt} ${key}`} alt={alt} src={smallest(links)} srcSet={srcSet(links)} sizes={`${Math.ceil(width)}px`} decoding="async"
          draggable={false} fetchPriority={eager ? 'high' : 'auto'} onLoad={() => setLoaded(key)}
          onTransitionEnd={() => setSettled(key)} onError={() => ((failed.current = true), onBroken?.())} />
      )}
    </span>
  );
}

/** The links as they were first given, while they are of the same pictures. New ones are taken when those do not work. */
function useSteady(renditions: readonly Rendition[] | undefined, failed: RefObject<boolean>) {
  const held = useRef({ links: renditions, attempt: 0 });
  const { links, attempt } = held.current;
  const same = renditions && links && identity(renditions) === identity(links);
  if (renditions && renditions !== links && (!same || failed.current || ranOut(links!))) {
    // After a failure it is drawn anew, even if the new link is the old one: the store may have been busy.
    held.current = { links: renditions, attempt: attempt + Number(failed.current) };
    failed.current = false;
  }
  return held.current;
}

const ranOut = (renditions: readonly Rendition[]) => renditions.some((r) => Date.parse(r.expiresAt) < Date.now());

/** A format that the browser cannot draw shows nothing, rather than a broken picture. */
function Preview({ src }: { src: string }) {
  const [works, setWorks] = useState(true);
  useEffect(() => setWorks(true), [src]);
  return works ? <img className="preview" alt="" src={src} decoding="async" draggable={false} onError={() => setWorks(false)} /> : null;
}
