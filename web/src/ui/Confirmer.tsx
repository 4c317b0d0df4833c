import { type FormEvent, useId, useState, useSyncExternalStore } from 'react';
import { type Asked, snapshot, subscribe } from './confirm.js';
import { Dialog } from './Dialog.js';

export function Confirmer() {
  const asked = useSyncExternalStore(subscribe, snapshot);
  return asked ? <Sheet key={asked.title} asked={asked} /> : null;
}

function Sheet({ asked: { title, text, action, word, answer } }: { asked: Asked }) {
  const [typed, setTyped] = useState('');
  const id = useId();
  const ready = !word || typed.trim().toLowerCase() === word;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (ready) answer(true);
  };
  return (
    <Dialog title={title} close={() => answer(false)}>
      <form onSubmit={submit}>
        <p>{text}</p>
        {word && (
          <div className="field">
            <label htmlFor={id}>Type “{word}” to go on</label>
            <input id={id} value={typed} autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={40} onChange={(e) => setTyped(e.target.value)} />
          </div>
        )}
        <div className="dialog-deeds">
          <button className="button" type="button" onClick={() => answer(false)}>Cancel</button>
          <button className="button primary bad" type="submit" aria-disabled={!ready}>{action}</button>
        </div>
      </form>
    </Dialog>
  );
}
