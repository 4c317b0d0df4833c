// What the viewer asks, of one picture at a time.
import { graphql, type ResultOf } from '../api/graphql.js';
import { drawn } from '../api/operations.js';

export const details = graphql(
  `
    query Details($id: ID!) {
      image(id: $id) {
        ...Drawn
        contentType sha256 format frames profile updatedAt purgeAt
        capture {
          takenAt offset make model lens exposure aperture iso focalLength direction
          location { latitude longitude altitude }
        }
        description { title caption keywords rating copyright }
        looks { colours sharpness exposure quality }
      }
    }
  `,
  [drawn],
);

export type Details = NonNullable<ResultOf<typeof details>['image']>;

export const similar = graphql(
  `query Similar($id: ID!) { similarImages(id: $id, first: 12) { distance image { ...Drawn } } }`,
  [drawn],
);

export const original = graphql(`query Original($id: ID!) { image(id: $id) { original { url } } }`);
