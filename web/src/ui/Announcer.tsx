import { useEffect, useState } from 'react';
import { onAnnounce } from './announce.js';

/** The live region. The same words twice are told twice. */
export function Announcer() {
  const [said, setSaid] = useState({ text: '', odd: false });
  useEffect(() => onAnnounce((text) => setSaid(({ odd }) => ({ text, odd: !odd }))), []);
  return <div className="unseen" role="status" aria-live="polite">{said.text}{said.odd ? '\u00a0' : ''}</div>;
}
