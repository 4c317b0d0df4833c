// What the account page asks.
import { graphql, type ResultOf } from '../api/graphql.js';

export const me = graphql(`
  query Me {
    me {
      id
      usage { images bytes inFlight }
      quota { images bytes inFlight }
      suspendedAt
      deletion { startedAt images erasedAt }
    }
  }
`);

export type Me = ResultOf<typeof me>['me'];

export const deleteAccount = graphql(`
  mutation DeleteAccount($confirm: ID!) { deleteAccount(confirm: $confirm) { startedAt images } }
`);

export const exportAccount = graphql(`
  query Export($after: String) {
    exportAccount(first: 100, after: $after) {
      account { id usage { images bytes } quota { images bytes } }
      images {
        id status failure failureMessage filename contentType bytes sha256 format width height frames profile createdAt updatedAt deletedAt purgeAt
        capture {
          takenAt offset make model lens exposure aperture iso focalLength direction
          location { latitude longitude altitude }
        }
        description { title caption keywords rating copyright }
        looks { colours sharpness exposure quality }
        original { url expiresAt }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
