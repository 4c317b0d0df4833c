// Share links: made, listed and revoked.
import { graphql, type ResultOf } from '../api/graphql.js';

export const shareImage = graphql(`
  mutation Share($id: ID!, $expiresIn: Int!, $renditions: [String!]) {
    shareImage(id: $id, expiresIn: $expiresIn, renditions: $renditions) { id url imageId renditions createdAt expiresAt }
  }
`);

export const shares = graphql(`
  query Shares($image: ID, $after: String) {
    shares(image: $image, first: 100, after: $after) {
      edges { node { id imageId renditions createdAt expiresAt image { filename } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const revokeShare = graphql(`mutation Revoke($id: ID!) { revokeShare(id: $id) { id } }`);

export type Share = ResultOf<typeof shares>['shares']['edges'][number]['node'];
export type Made = ResultOf<typeof shareImage>['shareImage'];
