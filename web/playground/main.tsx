// The playground: GraphiQL, signed in, with everything it needs from this origin.
import { ToolbarButton } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { type FormEvent, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { configure } from '../src/api/session.js';
import { type Config, fetchConfig } from '../src/config.js';
import { examples } from './examples.js';
import { fetcherOf } from './fetcher.js';
import icon from './icon.svg?no-inline';
import './playground.css';
import { sendPicture } from './send.js';
import { enter, user } from './session.js';

function Playground({ config, name }: { config: Config; name: string }) {
  const [fetcher] = useState(() => fetcherOf(config));
  const [told, setTold] = useState('');
  const send = () => {
    setTold('Sending a picture …');
    sendPicture(config).then(
      (filename) => setTold(`Sent ${filename}`),
      (reason: Error) => setTold(`Not sent: ${reason.message}`),
    );
  };
  return (
    <GraphiQL fetcher={fetcher} defaultTabs={examples} isHeadersEditorEnabled={false} defaultEditorToolsVisibility="variables">
      <GraphiQL.Logo>
        <a href="/">Darkroom</a>
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, copy, merge }) => (
          <>
            <ToolbarButton label="Send a picture" onClick={send}>
              <SendIcon />
            </ToolbarButton>
            {prettify}
            {merge}
            {copy}
          </>
        )}
      </GraphiQL.Toolbar>
      <GraphiQL.Footer>
        <p className="footer" role="status">
          <span>Signed in as {name}</span> <span>{told}</span>
        </p>
      </GraphiQL.Footer>
    </GraphiQL>
  );
}

function SendIcon() {
  return (
    <svg className="graphiql-toolbar-icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.500" aria-hidden="true">
      <path d="M10 13V3M6 7l4-4 4 4M3 12v5h14v-5" />
    </svg>
  );
}

function SignIn({ enter }: { enter(name: string, password: string): Promise<void> }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    enter(String(form.get('name')), String(form.get('password')))
      .catch((reason: Error) => setProblem(reason.message))
      .finally(() => setBusy(false));
  };
  return (
    <form className="notice" onSubmit={submit}>
      <h1><img src={icon} alt="" /> Playground</h1>
      <p>Ask Darkroom&rsquo;s GraphQL API as yourself.</p>
      <label>
        E-mail address <input name="name" type="email" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button disabled={busy}>Sign in</button>
      <p role="alert">{problem}</p>
    </form>
  );
}

function App({ config, known }: { config: Config; known: string | undefined }) {
  const [name, setName] = useState(known);
  if (name) return <Playground config={config} name={name} />;
  return <SignIn enter={async (...who) => setName(await enter(...who))} />;
}

async function start(): Promise<void> {
  const root = createRoot(document.getElementById('root')!);
  try {
    const config = await fetchConfig();
    configure(config);
    const known = await user(config);
    root.render(<StrictMode><App config={config} known={known} /></StrictMode>);
  } catch (reason) {
    root.render(<p className="notice" role="alert">The playground cannot start: {String(reason)}</p>);
  }
}

void start();
