// The signed-in user's connection: Amplify configured for the deployment, and its two clients.
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import type { TadaDocumentNode } from 'gql.tada';
import type { GraphQLClient } from '../amplify.js';
import type { Config } from '../config.js';
import { failure } from './errors.js';

/** configure tells Amplify where everything is. */
export function configure({ graphql, cognito }: Config): void {
  const { userPoolId, clientId: userPoolClientId, endpoint, region } = cognito;
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId, ...(endpoint && { userPoolEndpoint: endpoint }) } },
    API: { GraphQL: { endpoint: graphql, region, defaultAuthMode: 'userPool' } },
  });
}

/** clients are one for queries and one for the subscription. */
export function clients({ realtime }: Config): { api: GraphQLClient; realtime: GraphQLClient } {
  // Amplify makes wss:// of http://, which a local cloud does not speak, but leaves HTTP:// alone.
  const endpoint = realtime.replace(/^http:/, 'HTTP:');
  return { api: generateClient(), realtime: generateClient({ endpoint, authMode: 'userPool' }) };
}

/** Ask sends an operation and answers its data. It rejects with a Failure. */
export type Ask = <Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;


export function asker(api: GraphQLClient): Ask {
  return async (document, variables) => {
    try {
      const { data } = (await api.graphql({ query: document as unknown as string, variables })) as { data: never };
      return data;
    } catch (reason) {
      throw failure(reason);
    }
  };
}
