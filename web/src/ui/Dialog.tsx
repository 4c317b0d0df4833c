// A window above the page: the browser's own, which keeps the focus and closes by Escape.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './Icon.js';

interface Props {
  title: string;
  close(): void;
  children: ReactNode;
}

export function Dialog({ title, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onCancel={(e) => (e.preventDefault(), close())}
      onClick={(e) => e.target === dialog.current && close()}>
      <div className="dialog-body">
        <header><h2 id={id}>{title}</h2><button className="round" type="button" aria-label="Close" onClick={close}><Icon name="close" /></button></header>
        {children}
      </div>
    </dialog>
  );
}
