// Where the deployment is. It is fetched when the page is opened, so that one build serves every deployment.

export interface Config {
  /** The HTTP API's /graphql. */
  graphql: string;
  /** AppSync's /graphql. */
  realtime: string;
  cognito: { endpoint?: string; region: string; userPoolId: string; clientId: string };
  /** Of the demo user, whom only a local cloud has. */
  user?: string;
  password?: string;
}

/** fetchConfig reads /config.json, and refuses one that cannot work. */
export async function fetchConfig(): Promise<Config> {
  const answer = await fetch('/config.json', { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`/config.json answered ${answer.status}`);
  return checkConfig(await answer.json());
}

export function checkConfig(value: unknown): Config {
  const config = record(value, 'the configuration');
  const cognito = record(config.cognito, 'cognito');
  for (const name of ['graphql', 'realtime']) url(config[name], name);
  if (cognito.endpoint) url(cognito.endpoint, 'cognito.endpoint');
  for (const name of ['region', 'userPoolId', 'clientId']) {
    if (typeof cognito[name] !== 'string' || cognito[name] === '') throw new Error(`cognito.${name} is missing`);
  }
  return config as unknown as Config;
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} is not an object`);
  return value as Record<string, unknown>;
}

function url(value: unknown, name: string): void {
  const { protocol } = new URL(typeof value === 'string' ? value : '', 'nothing:');
  if (protocol !== 'https:' && protocol !== 'http:') throw new Error(`${name} is not an address`);
}
