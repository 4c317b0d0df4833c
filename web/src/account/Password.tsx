// Choosing another password.
import { type FormEvent, useId, useState } from 'react';
import { updatePassword } from 'aws-amplify/auth';
import { explain } from '../auth/words.js';
import { Spinner } from '../ui/Spinner.js';
import { toast } from '../ui/toasts.js';

export function Password() {
  const [open, setOpen] = useState(false);
  const [oldPassword, setOld] = useState('');
  const [newPassword, setNew] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const id = useId();
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      await updatePassword({ oldPassword, newPassword });
      toast('Your password is changed.');
      setOpen(false);
    } catch (reason) {
      const wrong = (reason as Error).name === 'NotAuthorizedException';
      setProblem(wrong ? 'The password that you have now is another one.' : explain(reason));
    }
    setBusy(false);
    setOld('');
    setNew('');
  };
  if (!open) return <button className="button" type="button" onClick={() => setOpen(true)}>Change the password …</button>;
  return (
    <form className="password" onSubmit={submit}>
      <div className="field"><label htmlFor={`${id}-o`}>The password that you have now</label>
        <input id={`${id}-o`} type="password" autoComplete="current-password" required maxLength={256} value={oldPassword} onChange={(e) => setOld(e.target.value)} /></div>
      <div className="field"><label htmlFor={`${id}-n`}>New password</label>
        <input id={`${id}-n`} type="password" autoComplete="new-password" required minLength={12} maxLength={256} value={newPassword} onChange={(e) => setNew(e.target.value)} /></div>
      <p className="problem" role="alert">{problem}</p>
      <div className="account-deeds">
        <button className="button primary" type="submit" aria-disabled={busy}>{busy ? <Spinner /> : 'Change'}</button>
        <button className="button" type="button" onClick={() => setOpen(false)}>Cancel</button>
      </div>
    </form>
  );
}
