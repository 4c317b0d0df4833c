// Several pictures in one request. GraphQL has a name for each answer, so the document is written for the number of them.
import type { GraphQLClient } from '../amplify.js';
import { failure } from './errors.js';
import type { Drawn } from './operations.js';

const fields = `id version status stage failure failureMessage filename bytes width height placeholder createdAt deletedAt
  capture { takenAt offset } renditions { name url width height expiresAt }`;

export const batchDocument = (n: number): string => {
  const all = [...Array(n).keys()];
  const variables = all.map((i) => `$i${i}: ID!`).join(', ');
  return `query Several(${variables}) {
    ${all.map((i) => `i${i}: image(id: $i${i}) { ...F }`).join('\n    ')}
  }
  fragment F on Image { ${fields} }`;
};

/** several answers the pictures in the order of their ids, null for one that is not there. */
export async function several(api: GraphQLClient, ids: string[]): Promise<(Drawn | null)[]> {
  const variables = Object.fromEntries(ids.map((id, i) => [`i${i}`, id]));
  const data = await answered(api.graphql({ query: batchDocument(ids.length), variables }) as Promise<Answer>);
  return ids.map((_, i) => data[`i${i}`] ?? null);
}

type Data = Record<string, Drawn | null>;

interface Answer {
  data: Data | null;
  errors?: { extensions?: { code?: string }; errorType?: string }[];
}

/** A picture that is not found is an error beside the others, for which Amplify rejects. It holds the data as well. */
async function answered(request: Promise<Answer>): Promise<Data> {
  try {
    return (await request).data ?? {};
  } catch (reason) {
    const { data, errors } = reason as Answer;
    const gone = errors?.every((e) => (e.extensions?.code ?? e.errorType) === 'NOT_FOUND');
    if (data && gone) return data;
    throw failure(reason);
  }
}
