// The blur of a picture, drawn on a canvas of a few pixels that the page stretches.
import { memo, useLayoutEffect, useRef } from 'react';
import { blur } from './thumbhash.js';

export const Blur = memo(function Blur({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const pixels = blur(hash);
    if (!pixels || !canvas.current) return;
    canvas.current.width = pixels.w;
    canvas.current.height = pixels.h;
    canvas.current.getContext('2d')?.putImageData(new ImageData(pixels.rgba, pixels.w, pixels.h), 0, 0);
  }, [hash]);
  return <canvas className="blur" ref={canvas} width={1} height={1} aria-hidden="true" />;
});
