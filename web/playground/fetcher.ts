// How the playground asks: queries and mutations over HTTP, subscriptions by AppSync's realtime protocol. It is the same
// locally and on AWS.
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { buildSchema, type DocumentNode, getOperationAST, introspectionFromSchema, type OperationDefinitionNode, parse } from 'graphql';
import { clients } from '../src/api/session.js';
import type { Config } from '../src/config.js';
import { token } from './session.js';

/** What examples say in place of an id: the playground puts in that of the newest picture. */
export const newest = 'newest';

type Answer = Record<string, unknown>;
type Variables = Record<string, unknown>;

/** fetcherOf answers what GraphiQL sends everything through. */
export function fetcherOf(config: Config): Fetcher {
  const { realtime } = clients(config);
  const ask = async (body: Answer): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', authorization: await token() };
    const answer = await fetch(config.graphql, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as Answer; // what is no JSON shows as an error
  };
  return async (params) => {
    const operation = operationOf(params);
    const variables = await withNewest(ask, (params.variables ?? {}) as Variables);
    if (operation?.operation !== 'subscription') {
      const answer = await ask({ query: params.query, variables, operationName: operation?.name?.value });
      return isUntold(answer) ? { data: await bundledSchema() } : answer;
    }
    return realtime.graphql({ query: params.query, variables }) as never; // an Observable, which GraphiQL takes
  };
}

/** isUntold says that this deployment does not tell its schema. */
function isUntold({ errors }: Answer): boolean {
  const [first] = (errors ?? []) as { extensions?: { code?: string } }[];
  return first?.extensions?.code === 'INTROSPECTION_DISABLED';
}

/** bundledSchema is the schema that the playground was built with, as introspection would answer it. */
async function bundledSchema(): Promise<unknown> {
  const { default: text } = await import('../../schema.graphqls?raw');
  return introspectionFromSchema(buildSchema(text));
}

/** operationOf is the one to run. Just after a tab was changed, GraphiQL still names that of the other tab. */
function operationOf({ query, operationName }: FetcherParams): OperationDefinitionNode | null | undefined {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch {
    return null; // the server says what is wrong with it
  }
  return getOperationAST(document, operationName) ?? getOperationAST(document);
}

/** withNewest replaces the word by the id. */
async function withNewest(ask: (body: Answer) => Promise<Answer>, variables: Variables): Promise<Variables> {
  if (variables.id !== newest) return variables;
  const { data } = (await ask({ query: '{ images(first: 1) { edges { node { id } } } }' })) as {
    data?: { images: { edges: { node: { id: string } }[] } };
  };
  const edge = data?.images.edges[0];
  if (!edge) throw new Error('There is no picture yet. Send one: the button is beside the editor.');
  return { ...variables, id: edge.node.id };
}
