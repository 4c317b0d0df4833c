// Who asks: the user who is signed in to the web client, else the demo user of a local cloud, else whoever signs in here.
import { fetchAuthSession, signIn } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { sessionStorage as ofThisTab } from 'aws-amplify/utils';
import type { Config } from '../src/config.js';

/** user answers the name of who is signed in, signing the demo user in where there is one; undefined: nobody. */
export async function user(config: Config): Promise<string | undefined> {
  const already = await signedIn();
  if (already || !config.user || !config.password) return already;
  // For this tab alone: the web client, in others, is none the wiser.
  cognitoUserPoolsTokenProvider.setKeyValueStorage(ofThisTab);
  return (await signedIn()) ?? (await enter(config.user, config.password));
}

/** enter signs in, and answers the name. */
export async function enter(username: string, password: string): Promise<string | undefined> {
  const { isSignedIn, nextStep } = await signIn({ username, password });
  if (!isSignedIn) throw new Error(`Sign in to the web client first: it wants ${nextStep.signInStep}.`);
  return signedIn();
}

async function signedIn(): Promise<string | undefined> {
  const { tokens } = await fetchAuthSession();
  return tokens && String(tokens.idToken?.payload.email ?? tokens.accessToken.payload.sub);
}

/** token is a valid access token, refreshed when it has to be. */
export async function token(): Promise<string> {
  const { tokens } = await fetchAuthSession();
  if (!tokens) throw new Error('You are signed out. Load the page again.');
  return tokens.accessToken.toString();
}
