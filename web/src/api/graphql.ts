// GraphQL with the types of schema.graphqls: a document that the schema does not allow does not compile.
import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema-env.js';

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { AWSDateTime: string };
  disableMasking: true;
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
