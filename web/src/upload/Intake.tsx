// How files come in: the pickers, dropping anywhere on the page, and pasting.
import { type ChangeEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { Icon } from '../ui/Icon.js';
import { accept, dropped, pasted } from './files.js';

export interface Pickers {
  choose(): void;
  camera(): void;
}

export function Intake({ ref, add }: { ref: Ref<Pickers>; add(files: readonly File[]): void }) {
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ choose: () => files.current!.click(), camera: () => camera.current!.click() }), []);
  const over = useDrops(add);
  const chosen = (e: ChangeEvent<HTMLInputElement>) => {
    add([...(e.target.files ?? [])]);
    e.target.value = ''; // the same file may be chosen again
  };
  return (
    <>
      <input ref={files} hidden type="file" multiple accept={accept} aria-label="Choose photos" onChange={chosen} />
      <input ref={camera} hidden type="file" accept="image/*" capture="environment" aria-label="Take a photo" onChange={chosen} />
      {over && <div className="drop" aria-hidden="true"><div><span><Icon name="upload" /></span>Drop photos or folders to upload them</div></div>}
    </>
  );
}

/** useDrops takes what is dropped or pasted, and answers whether something hangs above the page. */
function useDrops(add: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const ending = new AbortController();
    const on = <K extends keyof WindowEventMap>(type: K, heard: (e: WindowEventMap[K]) => void) => addEventListener(type, heard, { signal: ending.signal });
    const isFiles = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false;
    on('dragover', (e) => {
      if (!isFiles(e)) return;
      e.preventDefault();
      e.dataTransfer!.dropEffect = 'copy';
      setOver(true);
    });
    on('dragleave', (e) => e.relatedTarget === null && setOver(false));
    on('drop', (e) => {
      if (!isFiles(e)) return;
      e.preventDefault();
      setOver(false);
      void dropped(e.dataTransfer!).then(add);
    });
    on('paste', (e) => {
      if (e.target instanceof HTMLInputElement || !e.clipboardData) return;
      const files = pasted(e.clipboardData);
      if (files.length > 0) add(files);
    });
    return () => ending.abort();
  }, [add]);
  return over;
}
