// Signing in and up.
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Config } from '../config.js';
import { Mark } from '../ui/Mark.js';
import { Spinner } from '../ui/Spinner.js';
import '../styles/welcome.css';
import { resend, type Step, submit, type Typed } from './steps.js';
import { explain } from './words.js';

const minimum = 12; // characters of a password, as the user pool has it

const texts: Record<Step, { title: string; lead: string; action: string }> = {
  signIn: { title: 'Sign in', lead: 'Your photos are waiting.', action: 'Sign in' },
  signUp: { title: 'Create an account', lead: 'An e-mail address and a password are all it takes.', action: 'Create account' },
  confirm: { title: 'Check your mail', lead: 'We have sent a code to', action: 'Confirm' },
  forgot: { title: 'Forgotten password', lead: 'We send you a code, and you choose a new password.', action: 'Send the code' },
  reset: { title: 'Choose a new password', lead: 'If there is such an account, a code is on its way to', action: 'Set password' },
  newPassword: { title: 'Choose your password', lead: 'The one that you were given was for the first time only.', action: 'Set password' },
};

interface Props {
  config: Config;
  notice?: string | undefined;
  onSignedIn(): void;
}

export default function Welcome({ config, notice, onSignedIn }: Props) {
  const { step, typed, setTyped, busy, problem, news, go, advance, again } = useSteps(notice, onSignedIn);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [step]);
  const onSubmit = (e: FormEvent) => {
    e.preventDefault();
    if (!busy) void advance(step, typed);
  };
  const { title, lead, action } = texts[step];
  const coded = isCoded(step);
  return (
    <main className="welcome">
      <div className="welcome-stage" aria-hidden="true">
        <div className="welcome-print" /><div className="welcome-print" /><div className="welcome-print" />
      </div>
      <section className="welcome-card" aria-labelledby="welcome-title">
        <Mark />
        <h1 id="welcome-title" tabIndex={-1} ref={heading}>{title}</h1>
        <p className="welcome-lead">{lead}{coded && <> <bdi className="strong">{typed.email}</bdi></>}{coded && '.'}</p>
        <form onSubmit={onSubmit}>
          <Fields step={step} typed={typed} set={setTyped} />
          <p className="problem" role="alert">{problem}</p>
          <p className="news" role="status">{news}</p>
          <button className="button primary wide" type="submit" aria-disabled={busy}>{busy ? <Spinner /> : action}</button>
        </form>
        <nav className="welcome-ways" aria-label="Other ways">
          {step === 'signIn' && <Way onClick={() => go('signUp')}>Create an account</Way>}
          {step === 'signIn' && <Way onClick={() => go('forgot')}>Forgotten password?</Way>}
          {coded && <Way onClick={again}>Send another code</Way>}
          {step !== 'signIn' && <Way onClick={() => go('signIn')}>Back to sign in</Way>}
        </nav>
        <Local config={config} step={step} busy={busy} enter={(email, password) => void advance('signIn', { email, password, code: '' })} />
      </section>
    </main>
  );
}

const isCoded = (step: Step) => step === 'confirm' || step === 'reset';

/** useSteps holds what has been typed, and goes from step to step. */
function useSteps(notice: string | undefined, onSignedIn: () => void) {
  const [step, setStep] = useState<Step>('signIn');
  const [typed, setTyped] = useState<Typed>({ email: '', password: '', code: '' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [news, setNews] = useState(notice ?? '');
  const say = (bad: string, good = '') => (setProblem(bad), setNews(good));
  const go = (to: Step) => {
    setStep(to);
    say('');
    const password = to === 'confirm' ? typed.password : ''; // to be signed in with once the code is right; others ask anew
    setTyped({ ...typed, code: '', password });
  };
  const run = async (what: () => Promise<void>) => {
    setBusy(true);
    say('');
    await what().catch((reason) => say(explain(reason)));
    setBusy(false);
  };
  const advance = (from: Step, what: Typed) =>
    run(async () => {
      const next = await submit(from, { ...what, email: what.email.trim(), code: what.code.trim() });
      if (next) go(next);
      else onSignedIn();
    });
  const again = () => run(async () => (await resend(step, typed.email.trim()), say('', 'Another code is on its way.')));
  return { step, typed, setTyped, busy, problem, news, go, advance, again };
}

function Fields({ step, typed, set }: { step: Step; typed: Typed; set(typed: Typed): void }) {
  const field = (name: keyof Typed) => ({ value: typed[name], onChange: (value: string) => set({ ...typed, [name]: value }) });
  const fresh = step === 'signUp' || step === 'reset' || step === 'newPassword';
  return (
    <>
      {!isCoded(step) && step !== 'newPassword' && (
        <Field label="E-mail address" type="email" autoComplete="username" inputMode="email" {...field('email')} />
      )}
      {isCoded(step) && <Field label="Code" autoComplete="one-time-code" inputMode="numeric" {...field('code')} />}
      {step === 'signIn' && <Field label="Password" type="password" autoComplete="current-password" {...field('password')} />}
      {fresh && (
        <Field label={step === 'signUp' ? 'Password' : 'New password'} type="password" autoComplete="new-password" minLength={minimum}
          hint={`At least ${minimum} characters. A few words make a good one.`} {...field('password')} />
      )}
    </>
  );
}

interface LocalProps {
  config: Config;
  step: Step;
  busy: boolean;
  enter(email: string, password: string): void;
}

/** What only a cloud on one's own machine has: a demo user, and an inbox for codes. */
function Local({ config: { user, password, cognito }, step, busy, enter }: LocalProps) {
  if (!user || !password) return null;
  if (isCoded(step) && cognito.endpoint) {
    const inbox = new URL('inbox', cognito.endpoint).href;
    return (
      <p className="welcome-demo">
        <span>This cloud runs on your machine and sends no mail: <a href={inbox} target="_blank" rel="noreferrer noopener">its inbox</a> has the code.</span>
      </p>
    );
  }
  if (step !== 'signIn') return null;
  return (
    <div className="welcome-demo">
      <p>This cloud runs on your machine, and has a demo user.</p>
      <button className="button wide" type="button" aria-disabled={busy} onClick={() => !busy && enter(user, password)}>Continue as demo</button>
    </div>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  type?: 'email' | 'password';
  autoComplete: string;
  inputMode?: 'email' | 'numeric';
  minLength?: number;
  hint?: string;
}

function Field({ label, hint, onChange, type, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type={type ?? 'text'} required maxLength={256} aria-describedby={hint && `${id}-hint`}
        onChange={(e) => onChange(e.target.value)} {...rest} />
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

const Way = ({ onClick, children }: { onClick(): void; children: string }) => (
  <button className="link" type="button" onClick={onClick}>{children}</button>
);
