import { useSyncExternalStore } from 'react';
import { Icon } from './Icon.js';
import { dismiss, snapshot, subscribe } from './toasts.js';

export function Toasts() {
  const all = useSyncExternalStore(subscribe, snapshot);
  return (
    <div className="toasts">
      {all.map(({ id, text, action }) => (
        <div className="toast" key={id}>
          <span>{text}</span>
          {action && <button className="link" type="button" onClick={() => (dismiss(id), action.run())}>{action.label}</button>}
          <button className="round" type="button" aria-label="Dismiss" onClick={() => dismiss(id)}><Icon name="close" /></button>
        </div>
      ))}
    </div>
  );
}
