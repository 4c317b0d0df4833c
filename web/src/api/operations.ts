// What the gallery asks and tells. The viewer, sharing and the account have their own, loaded with them.
import { graphql, type ResultOf } from './graphql.js';

/** What is known of every picture: little, since there are thousands. */
export const thin = graphql(`
  fragment Thin on Image {
    id version status stage failure failureMessage filename bytes width height placeholder createdAt deletedAt
    capture { takenAt offset }
  }
`);

/** And what it takes to draw one. The links run out. */
export const drawn = graphql(
  `
    fragment Drawn on Image {
      ...Thin
      renditions { name url width height expiresAt }
    }
  `,
  [thin],
);

export type Thin = ResultOf<typeof thin>;
export type Drawn = ResultOf<typeof drawn>;
export type Rendition = Drawn['renditions'][number];

/** The first page comes with links: it is what is seen first. */
export const firstPage = graphql(
  `query FirstPage { images(first: 60) { edges { node { ...Drawn } } pageInfo { hasNextPage endCursor } } }`,
  [drawn],
);

export const nextPage = graphql(
  `query NextPage($after: String!) {
    images(first: 100, after: $after) { edges { node { ...Thin } } pageInfo { hasNextPage endCursor } }
  }`,
  [thin],
);

export const changes = graphql(`
  query Changes($after: Int!, $first: Int!) {
    changes(after: $after, first: $first) {
      events { owner id seq version status stage failure width height placeholder deletedAt at }
      head
      startOver
    }
  }
`);

export const drawnImage = graphql(`query DrawnImage($id: ID!) { image(id: $id) { ...Drawn } }`, [drawn]);

export const deleteImage = graphql(`mutation Delete($id: ID!) { deleteImage(id: $id) { ...Thin } }`, [thin]);
export const restoreImage = graphql(`mutation Restore($id: ID!) { restoreImage(id: $id) { ...Thin } }`, [thin]);
export const retryImage = graphql(`mutation Retry($id: ID!) { retryImage(id: $id) { ...Thin } }`, [thin]);
export const purgeImage = graphql(`mutation Purge($id: ID!) { purgeImage(id: $id) { id } }`);
